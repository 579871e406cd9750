package main

import (
	"context"
	"errors"
	"flag"
	"io/fs"
	"log/slog"
	"path/filepath"

	"github.com/seawaykit/seaway/server/live"
	"github.com/seawaykit/seaway/server/session"
)

// keyName is the name of the file in the data directory.
const keyName = "session.key"

// A keyFile is the path of the file with the keys that sign guests' cookies,
// from -session-key; empty for the one in the data directory.
type keyFile string

func (k *keyFile) define(flags *flag.FlagSet, getenv func(string) string) {
	flags.StringVar((*string)(k), "session-key", getenv("SEAWAY_SESSION_KEY"), "`file` with the keys that sign guests' cookies, 64 hexadecimal digits a line, the newest first (SEAWAY_SESSION_KEY; default made once in the data directory)")
}

// read returns the session keys, the newest first. The first start creates one before it
// publishes anything.
func (k keyFile) read(ctx context.Context, c live.Config) ([][]byte, error) {
	used := false
	if k == "" && c.Data != "" {
		state, err := c.Log.State(ctx)
		if err != nil {
			return nil, err
		}
		used = state.Last > 0
	}
	return k.sessionKeys(c.Data, used, c.Logger)
}

// sessionKeys returns the keys that sign guests' cookies: those of the file, or the
// data directory's own, which is made if it is not there. It is called with the
// directory's lock held. If the log in it has been used, there was a key before, and
// a new one is made with a warning: removing a damaged key file is the way to
// continue without it. A cluster's programs have no directory: without a file, each
// makes a key for as long as it runs.
func (k keyFile) sessionKeys(dir string, used bool, logger *slog.Logger) ([][]byte, error) {
	switch {
	case k != "":
		return session.ReadKeys(string(k))
	case dir == "":
		logger.Warn("guests last only until this program ends, and are unknown to other nodes: give all nodes one -session-key file")
		return [][]byte{session.NewKey()}, nil
	}
	name := filepath.Join(dir, keyName)
	keys, err := session.ReadKeys(name)
	if errors.Is(err, fs.ErrNotExist) {
		if used {
			logger.Warn("the data directory has events and no session key: a new one is made, and earlier guests lose their identity", "file", name)
		}
		key := session.NewKey()
		return [][]byte{key}, session.WriteKey(name, key)
	}
	return keys, err
}
