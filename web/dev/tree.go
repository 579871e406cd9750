package main

import (
	"context"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"time"
)

// look is how often the sources are looked at. A few hundred of them take some
// milliseconds, on every system and every file system; notifications would be
// faster than anybody types, and differ on each.
const look = 300 * time.Millisecond

// A tree is a directory of sources.
type tree struct {
	root string
	skip []string // directories below root, with slashes
}

// A state is what the sources were at a time, by name.
type state map[string]stamp

type stamp struct {
	time time.Time
	size int64
}

// look returns the sources' state. What cannot be read just now, since an editor
// is replacing it, is not there.
func (t tree) look() state {
	s := state{}
	_ = fs.WalkDir(os.DirFS(t.root), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil
		case t.skips(name, entry):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir():
			return nil
		}
		if info, err := entry.Info(); err == nil {
			s[name] = stamp{info.ModTime(), info.Size()}
		}
		return nil
	})
	return s
}

func (t tree) skips(name string, entry fs.DirEntry) bool {
	base := path.Base(name)
	hidden := name != "." && (base[0] == '.' || base[0] == '_')
	if entry.IsDir() {
		return hidden || base == "testdata" || base == "node_modules" || slices.Contains(t.skip, name)
	}
	return hidden || strings.HasSuffix(base, "_test.go")
}

// changed returns when the sources differ from what they were, and have then been
// the same for two looks: an editor, or git, may be writing several. It reports
// false if ctx has ended instead.
func (t tree) changed(ctx context.Context, was state) bool {
	every := time.NewTicker(look)
	defer every.Stop()
	last := was
	for {
		select {
		case <-ctx.Done():
			return false
		case <-every.C:
		}
		now := t.look()
		if settled := maps.Equal(now, last); settled && !maps.Equal(now, was) {
			return true
		}
		last = now
	}
}
