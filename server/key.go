package main

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
)

const (
	keyName = "session.key" // in the data directory
	keySize = 32            // bytes, which the file holds as hexadecimal digits
)

// sessionKey returns the key that signs guests' cookies: that of the file named
// by the flag, or the data directory's own, which is made if it is not there. It
// is called with the directory's lock held. If the log in it has been used, a key
// has been there before, and a new one is made with a warning: to remove a damaged
// one is the way to go on without it. A cluster's programs have no directory:
// without a file, each makes a key for as long as it runs.
func sessionKey(c config, used bool, logger *slog.Logger) ([]byte, error) {
	switch {
	case c.sessionKey != "":
		return readKey(c.sessionKey)
	case c.nats.URL != "":
		logger.Warn("guests last only until this program ends, and are unknown to other nodes: give all nodes one -session-key file")
		return newKey(), nil
	}
	name := filepath.Join(c.data, keyName)
	key, err := readKey(name)
	if errors.Is(err, fs.ErrNotExist) {
		if used {
			logger.Warn("the data directory has events and no session key: a new one is made, and every guest of before is somebody else", "file", name)
		}
		key = newKey()
		err = writeKey(name, key)
	}
	return key, err
}

func newKey() []byte {
	key := make([]byte, keySize)
	_, _ = rand.Read(key) // it does not fail
	return key
}

// readKey refuses a file that is not what writeKey writes. It is never written
// over: with it every guest would be somebody else.
func readKey(name string) ([]byte, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("the session key: %w", err)
	}
	key, err := hex.DecodeString(string(bytes.TrimSpace(text)))
	if err != nil || len(key) != keySize {
		return nil, fmt.Errorf("the session key: %q does not hold %d hexadecimal digits: put the right file back, or remove it and lose the guests", name, 2*keySize)
	}
	return key, nil
}

// writeKey creates the file as a whole or not at all, also at a power cut, and
// for nobody else to read.
func writeKey(name string, key []byte) error {
	f, err := os.OpenFile(name+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = fmt.Fprintln(f, hex.EncodeToString(key))
		err = errors.Join(err, f.Sync(), f.Close())
	}
	if err == nil {
		err = os.Rename(name+".new", name)
	}
	if err == nil {
		err = syncDir(filepath.Dir(name))
	}
	if err != nil {
		return fmt.Errorf("the session key: %w", err)
	}
	return nil
}

func syncDir(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
