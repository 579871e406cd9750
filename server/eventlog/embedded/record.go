package embedded

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// recordName is the file of the data directory that says what the log holds.
const recordName = "BLOCKS"

// A record says which blocks the log has: only with it can a missing block be
// told from one that retention has removed, and a torn end from events that were
// acknowledged. It is written before the server starts, whenever the blocks are
// others while it runs, and at a clean end.
type record struct {
	Closed bool             `json:"closed"` // the log ended cleanly: the sizes are right
	Last   uint64           `json:"last"`   // the number up to which events were on the disk, at least
	Blocks map[string]int64 `json:"blocks"` // sizes by name
}

// errRecord says that nothing is known of what the log held.
var errRecord = errors.New("the file " + recordName + " is missing or damaged")

// readRecord returns an errRecord if there is no record, or a damaged one.
func readRecord(dir string) (*record, error) {
	text, err := os.ReadFile(filepath.Join(dir, recordName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errRecord
	}
	if err != nil {
		return nil, err
	}
	var r record
	if json.Unmarshal(text, &r) != nil || r.Blocks == nil {
		return nil, errRecord
	}
	return &r, nil
}

// write makes the record durable. On a disk without room there is none then, so
// that no older one is taken for it.
func (r record) write(dir string) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	err = writeDurably(dir, recordName, append(text, '\n'))
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return errors.Join(notMissing(os.Remove(filepath.Join(dir, recordName))), syncDir(dir))
	}
	return err
}

// recordOf returns the record of the blocks that there are.
func recordOf(f files) (record, error) {
	r := record{Blocks: map[string]int64{}}
	blocks, err := f.blocks()
	if err != nil {
		return r, err
	}
	for _, b := range blocks {
		info, err := os.Stat(b.path)
		if notMissing(err) != nil {
			return r, err
		}
		if err == nil {
			r.Blocks[b.name()] = info.Size()
		}
	}
	return r, nil
}

// size returns how long a block was at a clean end.
func (r *record) size(b block) (size int64, closed bool) {
	if r == nil || !r.Closed {
		return 0, false
	}
	size, closed = r.Blocks[b.name()]
	return size, closed
}

// alien reports whether a block was not there at a clean end.
func (r *record) alien(b block) bool {
	if r == nil || !r.Closed {
		return false
	}
	_, known := r.Blocks[b.name()]
	return !known
}

// sync writes all blocks to the disk itself.
func (f files) sync() error {
	blocks, err := f.blocks()
	for _, b := range blocks {
		file, openErr := os.Open(b.path)
		if err = errors.Join(err, openErr); openErr == nil {
			err = errors.Join(err, file.Sync(), file.Close())
		}
	}
	return err
}
