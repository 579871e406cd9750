package states

import (
	"context"
	"errors"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
)

// stuckPause is how long memory may be exceeded by what no checkpoint can be
// written of, before that is tried again.
const stuckPause = 5 * time.Second

// shrink evicts entries until the others fit into memory. If what has changed does
// not, checkpoints are written first. A state of which none can be written, because
// its fold has failed or it is too large, does not stop the others: it stays in
// memory beyond the limit.
func (s *States[S]) shrink(ctx context.Context) {
	for s.evict() && !time.Now().Before(s.stuck) {
		err := s.writeAll(ctx)
		if !errors.Is(err, eventlog.ErrUnavailable) {
			if s.evict() {
				s.stuck = time.Now().Add(stuckPause)
			}
			return
		}
		if !wait(ctx, retryPause) {
			return
		}
	}
}

// evict drops the entries that were not used for the longest time, and reports
// whether memory is still exceeded for want of checkpoints.
func (s *States[S]) evict() (stuck bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for t := s.used.oldest; t != nil && s.used.bytes > s.limit; {
		next := t.newer
		if t.mu.TryLock() {
			t.gone = true
			t.mu.Unlock()
			delete(s.entries, t.key)
			delete(s.failed, t.key)
			s.used.remove(t)
		}
		t = next
	}
	return s.used.bytes > s.limit && len(s.dirty) > 0
}
