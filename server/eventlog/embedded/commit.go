package embedded

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"sync/atomic"
)

// A committer makes what the server has written to a stream durable. The server writes
// a message before it acknowledges it, and syncs none: one sync is for all callers that
// wait for one (group commit). While it goes on, others gather for the next.
type committer struct {
	sync   func(all bool) error // syncs what is written: everything, or what is new
	synced atomic.Uint64        // the number up to which all is durable

	mu       sync.Mutex
	newest   *round // the last one that was begun or waits to be
	gathers  *round // waits to be begun: callers join it
	runs     *round // has begun: who wants no more than it syncs waits for it too
	failed   error  // of a sync: what it was to make durable may never be
	finished bool
}

// A round is one sync, and the callers that it is for.
type round struct {
	done chan struct{} // closed at its end
	upTo uint64        // the highest number of a caller
	all  bool          // everything is to be synced
	err  error
}

// errFinished means that the server has been stopped, or started again.
var errFinished = errors.New("the server was stopped")

// commit returns once all messages up to a number are durable, of which the server has
// acknowledged or returned the last. The first caller of a round does its sync.
func (c *committer) commit(ctx context.Context, seq uint64) error {
	if seq <= c.synced.Load() {
		return nil
	}
	return c.join(ctx, seq, false)
}

// commitAll also makes durable what is not a new message, such as a file that the server
// has replaced.
func (c *committer) commitAll(ctx context.Context) error { return c.join(ctx, 0, true) }

func (c *committer) join(ctx context.Context, seq uint64, all bool) error {
	c.mu.Lock()
	if c.failed != nil || c.finished {
		defer c.mu.Unlock()
		return cmp.Or(c.failed, errFinished)
	}
	if r := c.runs; r != nil && !all && seq <= r.upTo {
		c.mu.Unlock()
		return r.wait(ctx)
	}
	r, before := c.gathers, c.newest
	leads := r == nil
	if leads {
		r = &round{done: make(chan struct{})}
		c.gathers, c.newest = r, r
	}
	r.upTo, r.all = max(r.upTo, seq), r.all || all
	c.mu.Unlock()
	if leads {
		c.lead(r, before)
	}
	return r.wait(ctx)
}

// wait returns once the round has ended.
func (r *round) wait(ctx context.Context) error {
	select {
	case <-r.done:
		return r.err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// lead does the sync of a round after the one before. Who comes after it has begun may
// have a message that it misses, and gathers for the next, unless the message comes
// before one that the server had acknowledged by then: it writes them in their order.
func (c *committer) lead(r, before *round) {
	if before != nil {
		<-before.done
	}
	c.mu.Lock()
	c.gathers, c.runs = nil, r
	r.err = c.failed
	c.mu.Unlock()
	if r.err == nil {
		r.err = c.sync(r.all)
	}
	c.mu.Lock()
	if r.err == nil {
		c.synced.Store(max(c.synced.Load(), r.upTo))
	} else {
		c.failed = r.err
	}
	c.runs = nil
	c.mu.Unlock()
	close(r.done)
}

// finish ends the committer, and waits for the rounds that were begun.
func (c *committer) finish() {
	c.mu.Lock()
	last := c.newest
	c.finished = true
	c.mu.Unlock()
	if last != nil {
		<-last.done
	}
}
