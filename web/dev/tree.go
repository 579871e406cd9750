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

// scanInterval is how often the sources are scanned. A few hundred files take some
// milliseconds, on every system and every file system; notifications would be
// faster than typing needs, and differ on each system.
const scanInterval = 300 * time.Millisecond

// A tree is a directory of sources.
type tree struct {
	root string
	skip []string // directories below root, with slashes
}

// A state has time and size of each source, by name.
type state map[string]stamp

type stamp struct {
	time time.Time
	size int64
}

// scan returns the sources' state. A file that cannot be read just now, since an
// editor is replacing it, is left out.
func (t tree) scan() state {
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

// changed returns when the sources differ from their state before, and have been
// the same for two scans: an editor, or git, may be writing several files. It
// returns false when ctx ends.
func (t tree) changed(ctx context.Context, was state) bool {
	every := time.NewTicker(scanInterval)
	defer every.Stop()
	last := was
	for {
		select {
		case <-ctx.Done():
			return false
		case <-every.C:
		}
		now := t.scan()
		if settled := maps.Equal(now, last); settled && !maps.Equal(now, was) {
			return true
		}
		last = now
	}
}
