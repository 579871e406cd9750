package fanout

import (
	"context"
	"errors"

	"github.com/seawaykit/seaway/server/eventlog"
)

// A waiter is closed when the head reaches seq.
type waiter struct {
	seq uint64
	ch  chan struct{}
}

// Await waits until this hub has all events of the log up to number seq: an
// event that another node has acknowledged can be read here from then on. The
// error is an [eventlog.ErrUnavailable] if ctx ends before, or the log's.
func (h *Hub) Await(ctx context.Context, seq uint64) error {
	select {
	case <-h.ready:
	case <-ctx.Done():
		return eventlog.Interrupted(ctx)
	}
	if _, head := h.Head(); head.Seq() >= seq {
		return nil
	}
	for {
		wait, cancel := context.WithTimeout(ctx, h.opts.AheadWait)
		reached := h.awaitHead(wait, seq)
		cancel()
		if reached {
			return nil
		}
		if ctx.Err() != nil {
			return eventlog.Interrupted(ctx)
		}
		if due, err := h.isBehind(ctx, seq); err != nil || !due {
			return err
		}
	}
}

// isBehind reports whether the log has an event up to number seq that this hub
// has not received yet, or had one and lost it, which the hub's tail will
// detect. The newest numbers may belong to no event.
func (h *Hub) isBehind(ctx context.Context, seq uint64) (bool, error) {
	_, head := h.Head()
	page, err := h.log.Read(ctx, head.Seq()+1, 1)
	if errors.Is(err, eventlog.ErrGap) {
		return true, nil
	}
	return len(page.Events) > 0 && page.Events[0].ID().Seq() <= seq, err
}

// awaitHead waits until the head is at least seq, and reports whether it is; or
// until ctx ends.
func (h *Hub) awaitHead(ctx context.Context, seq uint64) bool {
	w := waiter{seq, make(chan struct{})}
	h.mu.Lock()
	h.waiters = append(h.waiters, w)
	h.releaseWaiters()
	h.mu.Unlock()
	select {
	case <-w.ch:
		return true
	case <-ctx.Done():
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range h.waiters {
		if h.waiters[i] == w {
			h.waiters = append(h.waiters[:i], h.waiters[i+1:]...)
			return false
		}
	}
	return true // released in the meantime
}

// releaseWaiters needs the lock.
func (h *Hub) releaseWaiters() {
	kept := h.waiters[:0]
	for _, w := range h.waiters {
		if h.ring.head.Seq() >= w.seq {
			close(w.ch)
		} else {
			kept = append(kept, w)
		}
	}
	h.waiters = kept
}
