package embedded

import (
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"syscall"

	"github.com/seawaykit/seaway/server/internal/durable"
)

// recordName is the file of the data directory that lists the log's blocks.
const recordName = "BLOCKS"

// A record lists the blocks of the log: only with it can a missing block be
// distinguished from one that retention has removed, and a torn end from lost
// events that were acknowledged. It is written before the server starts,
// whenever the blocks change while it runs, and at a clean end.
type record struct {
	Closed bool             `json:"closed"` // the log ended cleanly: the sizes are right
	Last   uint64           `json:"last"`   // the number up to which events were on the disk, at least
	Values uint64           `json:"values"` // the same of values
	Blocks map[string]int64 `json:"blocks"` // sizes by name
}

// errRecord means that the blocks that the log held are unknown.
var errRecord = errors.New("the file " + recordName + " is missing or damaged")

// readRecord reads the record, or returns errRecord if it is missing or
// damaged.
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

// write makes the record durable. On a full disk it removes the record instead,
// so that no older one is used.
func (r record) write(dir string) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	err = durable.WriteFile(filepath.Join(dir, recordName), append(text, '\n'))
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return errors.Join(notMissing(os.Remove(filepath.Join(dir, recordName))), durable.SyncDir(dir))
	}
	return err
}

// recordOf returns the record of the present blocks.
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

// keep drops the blocks that are not among some of each stream.
func (r record) keep(blocks map[string][]block) {
	kept := map[string]bool{}
	for _, of := range blocks {
		for _, b := range of {
			kept[b.name()] = true
		}
	}
	maps.DeleteFunc(r.Blocks, func(name string, _ int64) bool { return !kept[name] })
}

// byStream returns the blocks of each stream.
func byStream(all []block) map[string][]block {
	of := map[string][]block{}
	for _, b := range all {
		of[b.stream] = append(of[b.stream], b)
	}
	return of
}

// of returns the number up to which a stream was on the disk, at least.
func (r *record) of(stream string) uint64 {
	switch {
	case r == nil:
		return 0
	case stream == valuesName:
		return r.Values
	}
	return r.Last
}

// size returns how long a block was at a clean end.
func (r *record) size(b block) (size int64, closed bool) {
	if r == nil || !r.Closed {
		return 0, false
	}
	size, closed = r.Blocks[b.name()]
	return size, closed
}

// isUnexpected reports whether a block was not there at a clean end.
func (r *record) isUnexpected(b block) bool {
	if r == nil || !r.Closed {
		return false
	}
	_, known := r.Blocks[b.name()]
	return !known
}

// sync writes all blocks, and their names, to the disk itself.
func (f files) sync(d disk) error {
	blocks, err := f.blocks()
	for i, b := range blocks {
		err = errors.Join(err, d.syncPath(b.path))
		if i+1 == len(blocks) || blocks[i+1].stream != b.stream {
			err = errors.Join(err, d.syncDir(f.messages(b.stream)))
		}
	}
	return err
}
