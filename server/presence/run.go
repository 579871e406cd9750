package presence

import (
	"context"
	"sync"
	"time"
)

const (
	publishPace = time.Second            // between two changes of one list
	stepPace    = publishPace / 5        // between two looks at what there is to do
	publishTime = time.Second            // timeout of one publication
	endTime     = 500 * time.Millisecond // and of the last one, at a shutdown
	longest     = time.Hour              // between two looks
)

// Run implements [provider.Provider].
func (n *node) Run(ctx context.Context) {
	for n.secret == nil {
		secret, err := secretOf(ctx, n.log)
		if err != nil && ctx.Err() != nil {
			return
		}
		if n.secret = secret; err != nil {
			n.logger.Debug("presence: the log was not reached", "error", err)
			pause(ctx, retryPause)
		}
	}
	var folding sync.WaitGroup
	folding.Go(func() { n.follow(ctx) })
	for ctx.Err() == nil {
		next := n.step(ctx)
		pause(ctx, stepPace) // thousands of users who connect at once are one change
		n.await(ctx, next)
	}
	folding.Wait()
	n.goodbye()
}

// await returns when something may have changed or is due.
func (n *node) await(ctx context.Context, due time.Time) {
	timer := time.NewTimer(min(time.Until(due), longest))
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-n.changed:
	case <-timer.C:
	}
}

// step does what is due, and returns when something is due again unless something changes.
func (n *node) step(ctx context.Context) (next time.Time) {
	if n.position().IsZero() {
		return time.Now().Add(longest) // begin wakes this node
	}
	next = n.heartbeat(ctx)
	if err := n.answer(ctx); err != nil {
		n.logger.Debug("presence: this node's users were not published", "error", err)
		next = time.Now().Add(publishPace)
	}
	now := time.Now()
	for key, due := range n.due() {
		if !due.After(now) {
			due = n.settle(ctx, key)
			n.put(key, due)
		}
		if !due.IsZero() && due.Before(next) {
			next = due
		}
	}
	return next
}

// due takes the lists that are to be looked at.
func (n *node) due() map[string]time.Time {
	n.mu.Lock()
	defer n.mu.Unlock()
	due := n.pending
	n.pending = map[string]time.Time{}
	for key, at := range due {
		if at.After(time.Now()) {
			n.pending[key] = at
		}
	}
	return due
}

// put has a list looked at again, if that is due.
func (n *node) put(key string, at time.Time) {
	if at.IsZero() {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.look(key, at)
}

// goodbye tells the other nodes that this one ends. What has no other node needs it not.
func (n *node) goodbye() {
	n.mu.Lock()
	others := n.others()
	n.mu.Unlock()
	if !others {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), endTime)
	defer cancel()
	if err := n.send(ctx, message{Leaves: true}); err != nil {
		n.logger.Debug("presence: the end of this node was not published", "error", err)
	}
}
