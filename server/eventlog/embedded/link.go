package embedded

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// linksName is the directory, beside the server's own, with a second name of
// each block.
const linksName = "second-names"

// links are second names (hard links) of all blocks, kept while the log is open.
// The server removes the directory of a stream that it fails to set up, and it
// removes blocks that retention has emptied; a block that is missing after a
// crash is put back from here, and the server empties it again if it had. They
// take no room but that of a block that was removed within the last second.
type links struct{ files }

func (l links) root() string { return filepath.Join(l.dir, linksName) }

func (l links) pathOf(b block) string { return filepath.Join(l.root(), filepath.FromSlash(b.name())) }

// update makes the second names those of the blocks there are.
func (l links) update() error {
	if err := l.add(); err != nil {
		return err
	}
	return l.prune()
}

// add gives each block its second name.
func (l links) add() error {
	blocks, err := l.blocks()
	for _, b := range blocks {
		err = errors.Join(err, l.addOne(b))
	}
	return err
}

// prune removes the second names of blocks that are gone. The last ones it keeps:
// if all blocks of a stream are gone, something is wrong.
func (l links) prune() error {
	blocks, err := l.blocks()
	if err != nil {
		return err
	}
	there, streams := map[string]bool{}, map[string]bool{}
	for _, b := range blocks {
		there[b.name()], streams[b.stream] = true, true
	}
	kept, err := l.list()
	for _, b := range kept {
		if streams[b.stream] && !there[b.name()] {
			err = errors.Join(err, os.Remove(l.pathOf(b)))
		}
	}
	return err
}

// addOne gives a block its second name, unless it has it already.
func (l links) addOne(b block) error {
	path := l.pathOf(b)
	has, err := os.Stat(path)
	if err == nil {
		if is, err := os.Stat(b.path); err != nil || os.SameFile(has, is) {
			return notMissing(err)
		}
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return notMissing(os.Link(b.path, path))
}

// notMissing drops the error of a block that the server has just removed.
func notMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// list returns the blocks that have a second name.
func (l links) list() (all []block, err error) {
	streams, err := os.ReadDir(l.root())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, s := range streams {
		entries, err := os.ReadDir(filepath.Join(l.root(), s.Name()))
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if b, ok := l.blockOf(s.Name() + "/" + e.Name()); ok {
				all = append(all, b)
			}
		}
	}
	return all, err
}

// putBack gives the blocks that are missing their name again, and returns them.
// With instead set, a file of another content in a block's place is replaced.
func (l links) putBack(instead bool) (missing []block, err error) {
	kept, err := l.list()
	for _, b := range kept {
		second, err := os.Stat(l.pathOf(b))
		if err != nil {
			return missing, err
		}
		first, err := os.Lstat(b.path)
		switch {
		case err == nil && (!instead || os.SameFile(first, second)):
			continue
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return missing, err
		}
		if err := l.restore(b); err != nil {
			return missing, err
		}
		missing = append(missing, b)
	}
	return missing, err
}

// restore links a block to its name, whatever is there.
func (l links) restore(b block) error {
	if err := os.MkdirAll(filepath.Dir(b.path), 0o700); err != nil {
		return err
	}
	temp := b.path + ".new"
	if err := errors.Join(notMissing(os.Remove(temp)), os.Link(l.pathOf(b), temp), os.Rename(temp, b.path)); err != nil {
		return err
	}
	return syncDir(filepath.Dir(b.path))
}

// remove takes the second names away.
func (l links) remove() error { return os.RemoveAll(l.root()) }
