package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
)

// A blockCheck is the check of one block.
type blockCheck struct {
	damage        // why is empty if there is none
	newest   bool // of its stream: it may end in the middle of a record
	torn     bool // it does
	readable bool // found is what it holds
	size     int  // in bytes
}

// maxCheckers bounds how many blocks are in memory at a time. One has 8 MiB, hardly
// ever more.
const maxCheckers = 4

// checkBlocks checks all blocks, one on each processor at a time: a check computes
// checksums most of the time.
func checkBlocks(all []block, s *record) []blockCheck {
	checks := make([]blockCheck, len(all))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), maxCheckers, len(all)) {
		wg.Go(func() {
			var room []byte
			for i := next.Add(1) - 1; i < int64(len(all)); i = next.Add(1) - 1 {
				c := &checks[i]
				c.block = all[i]
				c.newest = int(i)+1 == len(all) || all[i+1].stream != c.stream
				room = c.check(s, room)
			}
		})
	}
	wg.Wait()
	return checks
}

// check reads the block into room, which it returns for the next.
func (c *blockCheck) check(s *record, room []byte) []byte {
	c.whole = true
	if err := usable(c.path); err != nil {
		c.why = "cannot be read and written: " + reason(err)
		return room
	}
	if c.misnamed() || s.isUnexpected(c.block) {
		c.why = "is none of the log's files"
		return room
	}
	data, err := readInto(room, c.path)
	if err != nil {
		c.why = "cannot be read: " + reason(err)
		return data
	}
	c.whole, c.readable, c.size = false, true, len(data)
	c.found = newScanner(c.block).scan(data)
	c.judge(s)
	return data
}

// judge says what is wrong with a block that was read.
func (c *blockCheck) judge(s *record) {
	read := c.size
	gaps := c.found.gaps
	size, sealed := s.size(c.block)
	switch {
	case sealed && size != int64(read):
		c.why = fmt.Sprintf("has %d bytes, and had %d when the log was closed", read, size)
	case len(gaps) == 1 && gaps[0].from == 0 && gaps[0].to == read && !gaps[0].torn:
		c.why = "holds no record that belongs there"
	case len(gaps) > 0 && (sealed || !c.newest || !gaps[len(gaps)-1].torn || len(gaps) > 1):
		c.why = "is damaged at " + gaps[0].String()
	case len(gaps) > 0:
		c.torn = true
	case read == 0 && !c.newest:
		c.why, c.whole = "is empty", true
	}
}

// readInto reads a file into room, or into more if that is not enough.
func readInto(room []byte, path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return room, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return room, err
	}
	if room = room[:0]; int64(cap(room)) < info.Size() {
		room = make([]byte, 0, info.Size())
	}
	room = room[:info.Size()]
	n, err := f.ReadAt(room, 0)
	return room[:n], err
}

// reason returns an error without its path, which the line names already.
func reason(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}
