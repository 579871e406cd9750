package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/seawaykit/seaway/server/internal/durable"
	"github.com/seawaykit/seaway/server/live"
)

const (
	keyName = "session.key" // in the data directory
	keySize = 32            // bytes, which the file holds as hexadecimal digits
)

// A keyFile is the path of the file with the key that signs guests' cookies,
// from -session-key; empty for the one in the data directory.
type keyFile string

func (k *keyFile) define(flags *flag.FlagSet, getenv func(string) string) {
	flags.StringVar((*string)(k), "session-key", getenv("SEAWAY_SESSION_KEY"), "`file` with the key that signs guests' cookies, 64 hexadecimal digits (SEAWAY_SESSION_KEY; default made once in the data directory)")
}

// read returns the session key. The first start creates one before it publishes
// anything.
func (k keyFile) read(ctx context.Context, c live.Config) ([]byte, error) {
	used := false
	if k == "" && c.Data != "" {
		state, err := c.Log.State(ctx)
		if err != nil {
			return nil, err
		}
		used = state.Last > 0
	}
	return k.sessionKey(c.Data, used, c.Logger)
}

// sessionKey returns the key that signs guests' cookies: that of the file, or the
// data directory's own, which is made if it is not there. It is called with the
// directory's lock held. If the log in it has been used, there was a key before, and
// a new one is made with a warning: removing a damaged key file is the way to
// continue without it. A cluster's programs have no directory: without a file, each
// makes a key for as long as it runs.
func (k keyFile) sessionKey(dir string, used bool, logger *slog.Logger) ([]byte, error) {
	switch {
	case k != "":
		return readKey(string(k))
	case dir == "":
		logger.Warn("guests last only until this program ends, and are unknown to other nodes: give all nodes one -session-key file")
		return newKey(), nil
	}
	name := filepath.Join(dir, keyName)
	key, err := readKey(name)
	if errors.Is(err, fs.ErrNotExist) {
		if used {
			logger.Warn("the data directory has events and no session key: a new one is made, and earlier guests lose their identity", "file", name)
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

// readKey refuses a file that is not what writeKey writes. Such a file is never
// overwritten: with a new key every guest would lose their identity.
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

// writeKey creates the file, readable by its owner only, whole or not at all,
// also in a power cut.
func writeKey(name string, key []byte) error {
	if err := durable.WriteFile(name, []byte(hex.EncodeToString(key)+"\n")); err != nil {
		return fmt.Errorf("the session key: %w", err)
	}
	return nil
}
