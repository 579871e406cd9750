package embedded

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/seawaykit/seaway/server/internal/durable"
)

// linksName is the directory, beside the server's own, with a hard link to each
// block.
const linksName = "second-names"

// links are hard links to all blocks, kept while the log is open. The server
// removes the directory of a stream that it fails to set up, and it removes
// blocks that retention has emptied; a block that is missing after a crash is
// restored from here, and the server empties it again if it had been. They take
// no room except that of a block that was removed within the last second.
type links struct{ files }

func (l links) root() string { return filepath.Join(l.dir, linksName) }

func (l links) pathOf(b block) string { return filepath.Join(l.root(), filepath.FromSlash(b.name())) }

// update links all present blocks, and no others.
func (l links) update() error {
	if err := l.add(); err != nil {
		return err
	}
	stale, err := l.stale()
	return errors.Join(err, l.prune(stale))
}

// add links each block.
func (l links) add() error {
	blocks, err := l.blocks()
	for _, b := range blocks {
		err = errors.Join(err, l.addOne(b))
	}
	return err
}

// of returns the directory of a stream's links.
func (l links) of(stream string) string { return filepath.Join(l.root(), stream) }

// possible returns an error if blocks of a stream cannot be linked: there are file
// systems without hard links.
func (l links) possible(stream string) error {
	probe := filepath.Join(l.of(stream), "PROBE")
	if err := errors.Join(os.MkdirAll(l.of(stream), 0o700), notMissing(os.Remove(probe)), os.Link(filepath.Join(l.dir, lockName), probe)); err != nil {
		return err
	}
	return os.Remove(probe)
}

// replace links a block in the place of another file. What is linked is durable before
// it has the name.
func (l links) replace(b block, d disk) error {
	path := l.pathOf(b)
	temp := path + ".new"
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), notMissing(os.Remove(temp))); err != nil {
		return err
	}
	if err := os.Link(b.path, temp); err != nil {
		return err
	}
	return errors.Join(d.syncPath(temp), os.Rename(temp, path))
}

// has reports whether a block is linked. The error is that of a block that is missing.
func (l links) has(b block) (bool, error) {
	is, err := os.Stat(b.path)
	if err != nil {
		return false, err
	}
	linked, err := os.Stat(l.pathOf(b))
	if err != nil {
		return false, notMissing(err)
	}
	return os.SameFile(linked, is), nil
}

// stale lists the links of blocks that are gone, unless all blocks of the stream are
// gone, which is a failure.
func (l links) stale() (gone []block, err error) {
	kept, err := l.list() // first: a block that comes meanwhile is not gone
	if err != nil {
		return nil, err
	}
	blocks, err := l.blocks()
	if err != nil {
		return nil, err
	}
	there, streams := map[string]bool{}, map[string]bool{}
	for _, b := range blocks {
		there[b.name()], streams[b.stream] = true, true
	}
	for _, b := range kept {
		if streams[b.stream] && !there[b.name()] {
			gone = append(gone, b)
		}
	}
	return gone, nil
}

// prune removes links.
func (l links) prune(stale []block) (err error) {
	for _, b := range stale {
		err = errors.Join(err, notMissing(os.Remove(l.pathOf(b))))
	}
	return err
}

// addOne links a block, unless it is linked already.
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

// list returns the blocks that are linked.
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

// putBack restores the blocks that are missing, and returns them. With instead
// set, it replaces another file in a block's place. A block that the server has
// left behind is not missing.
func (l links) putBack(instead bool, held *record) (missing []block, err error) {
	kept, err := l.list()
	for _, b := range kept {
		if left, err := l.leftBehind(b, held); err != nil {
			return missing, err
		} else if left {
			continue
		}
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

// leftBehind reports whether the server has replaced a block that never held anything
// by one with a higher number, as it does at a start without an index: next to that it
// would look like one that has lost all. If the record has it, nothing that came after
// it was acknowledged.
func (l links) leftBehind(b block, held *record) (bool, error) {
	if held != nil {
		if _, recorded := held.Blocks[b.name()]; recorded {
			return false, nil
		}
	}
	info, err := os.Stat(l.pathOf(b))
	if err != nil || info.Size() > 0 || exists(b.path) {
		return false, err
	}
	blocks, err := l.blocksOf(b.stream)
	if n := len(blocks); n > 0 && blocks[n-1].number > b.number {
		return true, nil
	}
	return false, notMissing(err)
}

// restore links a block to its name, and replaces what is there.
func (l links) restore(b block) error {
	if err := os.MkdirAll(filepath.Dir(b.path), 0o700); err != nil {
		return err
	}
	temp := b.path + ".new"
	if err := errors.Join(notMissing(os.Remove(temp)), os.Link(l.pathOf(b), temp), os.Rename(temp, b.path)); err != nil {
		return err
	}
	return durable.SyncDir(filepath.Dir(b.path))
}

// remove removes all links.
func (l links) remove() error { return os.RemoveAll(l.root()) }
