package session

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strings"

	"github.com/seawaykit/seaway/server/internal/durable"
)

// NewKey returns a random key.
func NewKey() []byte {
	key := make([]byte, MinKey)
	_, _ = rand.Read(key) // it does not fail
	return key
}

// ReadKeys returns the keys of a file for [Options].Keys: 64 hexadecimal digits a line,
// the newest key first. It refuses a file that others than its owner and group may read
// or write, whose keys are not secret, and one that holds anything else.
func ReadKeys(name string) (keys [][]byte, err error) {
	text, err := readPrivate(name)
	if err != nil {
		return nil, fmt.Errorf("the session key: %w", err)
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" {
			continue
		}
		key, err := hex.DecodeString(line)
		if err != nil || len(key) != MinKey {
			keys = nil
			break
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("the session key: %q does not hold lines of %d hexadecimal digits: put the right file back, or remove it and end all sessions", name, 2*MinKey)
	}
	return keys, nil
}

// readPrivate reads a file of which others know nothing. Windows has no such modes.
func readPrivate(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if mode := info.Mode().Perm(); mode&0o007 != 0 && runtime.GOOS != "windows" {
		return nil, fmt.Errorf("%q may be read or changed by others (mode %04o): chmod 600, and make a new key if others may have read it", name, mode)
	}
	return os.ReadFile(name)
}

// WriteKey creates a file with a key, which its owner alone can read, whole or not at all,
// also in a power cut.
func WriteKey(name string, key []byte) error {
	if err := durable.WriteFile(name, []byte(hex.EncodeToString(key)+"\n")); err != nil {
		return fmt.Errorf("the session key: %w", err)
	}
	return nil
}

// OpenKeys is [ReadKeys] of a file that is made, with a new key, if it is not there. Nodes of
// a cluster need the same: make theirs once, by [WriteKey].
func OpenKeys(name string) ([][]byte, error) {
	keys, err := ReadKeys(name)
	if errors.Is(err, fs.ErrNotExist) {
		key := NewKey()
		return [][]byte{key}, WriteKey(name, key)
	}
	return keys, err
}
