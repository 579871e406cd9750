package fanout

import (
	"context"
	"sync"
	"time"
)

const (
	// retainedFor is how old the hub's knowledge may be of where the log begins.
	retainedFor = time.Second
	// retainedWait is how long an opening waits for the log to say that. A log out
	// of reach delays one opening a second by as much.
	retainedWait = 100 * time.Millisecond
)

// retained is what the hub knows of the log's retention.
type retained struct {
	mu    sync.Mutex
	asked time.Time
}

// first returns the number of the first event that the log retains, as it was a second
// ago at most; older if the log does not answer, or just now another opening asks.
// The ring keeps events longer than a small log: readers resume over them, but they are
// no longer retained.
func (h *Hub) first(ctx context.Context) uint64 {
	if h.retained.mu.TryLock() {
		defer h.retained.mu.Unlock()
		if time.Since(h.retained.asked) >= retainedFor {
			h.retained.asked = time.Now()
			ctx, cancel := context.WithTimeout(ctx, retainedWait)
			defer cancel()
			_, _ = h.fetchState(ctx) // what is known has to do
		}
	}
	return h.knownState().First
}
