package embedded

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/seawaykit/seaway/server/internal/durable"
)

// damagedName is the directory that damaged files are kept in.
const damagedName = "damaged"

// drop removes what is damaged, as [Options.UnsafeDropDamaged] asks for: it
// keeps each damaged file beside the log, leaves the whole records in its
// place, and logs what was lost.
func (l *Log) drop(r checkResult, held *record) error {
	for _, d := range r.damages {
		kept, err := l.dropOne(d)
		if err != nil {
			return fmt.Errorf("drop what is damaged in %s: %w", d.path, err)
		}
		logger := l.o.Logger
		if kept != "" {
			logger = logger.With("kept", kept)
		}
		logger.Error("events were lost: the log goes on without them", "file", d.path, "why", d.why, "lost", strings.Join(r.lost(d, held), ", "))
	}
	return nil
}

// dropOne drops one damage, and returns where the file is kept, "" if there was
// none.
func (l *Log) dropOne(d damage) (kept string, err error) {
	kept = filepath.Join(l.o.Dir, damagedName, fmt.Sprintf("%s-%s-%d", d.stream, filepath.Base(d.path), time.Now().UnixNano()))
	if err := os.MkdirAll(filepath.Dir(kept), 0o700); err != nil {
		return "", err
	}
	if d.whole {
		err := os.Rename(d.path, kept)
		if errors.Is(err, fs.ErrNotExist) {
			return "", nil
		}
		return kept, err
	}
	data, err := os.ReadFile(d.path)
	if err != nil {
		return "", err
	}
	if err := durable.WriteFile(kept, data); err != nil {
		return "", err
	}
	var whole []byte
	from := 0
	for _, g := range d.found.gaps {
		whole = append(whole, data[from:g.from]...)
		from = g.to
	}
	return kept, durable.WriteFile(d.path, append(whole, data[from:]...))
}

// lost returns the ranges of numbers that were damaged. Some of their events
// may have left the log before.
func (r checkResult) lost(d damage, held *record) (ranges []string) {
	before, after := r.around(d.block)
	if after == 0 && held != nil && held.Closed {
		after = held.Last + 1
	}
	if d.whole {
		return []string{between(before, after)}
	}
	for _, g := range d.found.gaps {
		ranges = append(ranges, between(cmp.Or(g.before, before), cmp.Or(g.after, after)))
	}
	if len(ranges) == 0 { // cut at the end of a record
		ranges = append(ranges, between(cmp.Or(d.found.last, before), after))
	}
	return ranges
}

// around returns the last number before a block and the first one after it, 0 if
// there is none.
func (r checkResult) around(of block) (before, after uint64) {
	for _, b := range r.blocks {
		c, ok := r.found[b.name()]
		switch {
		case !ok || b.stream != of.stream:
		case b.number < of.number:
			before = max(before, c.last)
		case b.number > of.number && after == 0:
			after = c.first
		}
	}
	return before, after
}

func between(before, after uint64) string {
	switch {
	case after == 0:
		return fmt.Sprintf("all after number %d", before)
	case before+1 >= after:
		return "none"
	}
	return fmt.Sprintf("numbers %d to %d (at most %d events)", before+1, after-1, after-1-before)
}

// The server rebuilds these files of a stream if they are missing.
var (
	configuration = []string{"meta.inf", "meta.sum"}
	indices       = []string{filepath.Join("msgs", "index.db"), filepath.Join("msgs", "thw.db")}
)

// setAside renames such files if they cannot be used: one that is not a regular
// file, or cannot be read, can make the server remove the whole stream. With
// repaired set, it renames the indices in any case: they describe other blocks.
func (f files) setAside(repaired bool) error {
	return f.eachOf(slices.Concat(configuration, indices), func(path, name string) error {
		bad := usable(path)
		stale := repaired && slices.Contains(indices, name)
		if errors.Is(bad, fs.ErrNotExist) || bad == nil && !stale {
			return nil
		}
		return os.Rename(path, fmt.Sprintf("%s.broken-%d", path, time.Now().UnixNano()))
	})
}

// removeIndices removes the indices after a crash: they may be newer than the blocks.
func (f files) removeIndices() error {
	return f.eachOf(indices, func(path, _ string) error {
		if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
			return notMissing(err)
		}
		return os.Remove(path)
	})
}

// eachOf calls fn with the path of each of those files, of all streams.
func (f files) eachOf(names []string, fn func(path, name string) error) error {
	streams, err := os.ReadDir(f.streams())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, s := range streams {
		for _, name := range names {
			err = errors.Join(err, fn(filepath.Join(f.streams(), s.Name(), name), name))
		}
	}
	return err
}
