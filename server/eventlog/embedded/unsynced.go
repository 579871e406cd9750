package embedded

import (
	"errors"
	"os"

	"github.com/seawaykit/seaway/server/internal/durable"
)

// A power cut can leave the newest blocks without the end of the one before them: the
// server goes on in another block without a sync, and the disk keeps of each file what
// it will. What comes after such an end was not acknowledged: a sync for a message in
// the new block is one of the block before it as well.

// cutUnsynced returns the blocks of a stream, in their order, in two parts: those that
// were synced to their end, and one more, and those after that. A block that the record
// lists together with a newer one was synced: what is missing of it is damage.
func cutUnsynced(checks []blockCheck, s *record) (kept, unsynced []blockCheck) {
	end := uint64(0)
	for i := 0; i+1 < len(checks); i++ {
		c, next := &checks[i], checks[i+1]
		end = max(end, c.found.end)
		if !c.readable || !next.readable || s.isSynced(c.block) || c.goesOn(next, end) {
			continue
		}
		c.newest = true
		c.why, c.whole, c.torn = "", false, false
		c.judge(s)
		return checks[:i+1], checks[i+1:]
	}
	return checks, nil
}

// goesOn reports whether a block, with messages up to number end before it or in it, is
// whole as far as the next shows.
func (c *blockCheck) goesOn(next blockCheck, end uint64) bool {
	switch gaps := c.found.gaps; {
	case len(gaps) == 1 && gaps[0].torn, c.size == 0:
		return false
	case len(gaps) > 0:
		return true // damage, which is reported
	}
	adjacent := next.number == c.number+1 // or the one between has been emptied
	return !adjacent || next.found.first == 0 || next.found.first == end+1
}

// isSynced reports whether a block was no longer the newest of its stream when the
// record was written.
func (r *record) isSynced(b block) bool {
	if r == nil || r.Closed {
		return true // nothing is known of a crash
	}
	for name := range r.Blocks {
		if other, ok := (files{}).blockOf(name); ok && other.stream == b.stream && other.number > b.number {
			return true
		}
	}
	return false
}

// removeUnsynced removes blocks that follow one whose end was lost.
func (l *Log) removeUnsynced(blocks []block) error {
	for _, b := range blocks {
		l.o.Logger.Info("a crash has cut off a file of the event log: the one after it, of which nothing was acknowledged, is removed", "file", b.path)
		if err := errors.Join(notMissing(os.Remove(l.links.pathOf(b))), os.Remove(b.path), durable.SyncDir(l.files.messages(b.stream))); err != nil {
			return err
		}
	}
	return nil
}
