package presence

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// retryPause lies between two tries to reach the log.
const retryPause = 250 * time.Millisecond

// follow folds the events of the log until ctx ends or the log is closed. It begins with
// what is stored from now on: what the others have, they are asked for.
func (n *node) follow(ctx context.Context) {
	for ctx.Err() == nil {
		state, err := n.log.State(ctx)
		if err == nil {
			n.begin(state)
			err = n.log.Tail(ctx, state.Last+1, func(batch []event.Event, _ error) { n.fold(batch) })
		}
		if errors.Is(err, eventlog.ErrClosed) {
			return
		}
		pause(ctx, retryPause)
	}
}

// begin begins to read. What was known before may lack changes.
func (n *node) begin(s eventlog.State) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.applied.Epoch() != s.Epoch { // of another log, or none
		clear(n.lists)
		clear(n.nodes)
	}
	n.applied, n.started, n.asks = s.Position(s.Last), time.Now(), true
	n.release()
	for _, l := range n.lists {
		l.whole, l.stored = false, 0
	}
	for key := range n.places {
		n.look(key, n.started)
	}
	n.wake()
}

// fold folds a batch of events.
func (n *node) fold(batch []event.Event) {
	if len(batch) == 0 {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, e := range batch {
		if key, ok := n.key(e.Topic()); ok {
			n.foldChange(key, e)
		} else if e.Topic() == nodesTopic+n.name {
			var m message
			if n.isRead(e, &m) {
				n.take(m)
			}
		}
	}
	n.applied = batch[len(batch)-1].ID()
	n.release()
	if len(n.pending) > 0 || len(n.nodes) > 0 || n.asks || n.asked {
		n.wake()
	}
}

// foldChange folds a change of a list. n is locked.
func (n *node) foldChange(key string, e event.Event) {
	var c change
	if !n.isRead(e, &c) {
		return
	}
	l := n.list(key)
	l.here.Apply(c, e.ID().Seq())
	l.encoded = nil
	for node := range l.here.Nodes {
		if _, known := n.nodes[node]; !known {
			n.noteAlive(node) // it has to be heard of, or goes
		}
	}
	switch {
	case c.Whole:
		l.whole = true
	case l.here.Torn:
		l.here.Torn, l.whole, l.torn = false, false, time.Now()
		n.asks = true
	}
	if _, mine := n.places[key]; mine || c.Node == n.id {
		if c.Whole || !l.whole || c.Node == n.id {
			n.look(key, time.Now())
		}
	}
	if c.Total > 0 { // or another node has said that it is gone
		n.noteAlive(c.Node)
	}
}

// isRead decodes an event, and reports whether it can be.
func (n *node) isRead(e event.Event, v any) bool {
	err := json.Unmarshal(e.Data(), v)
	if err != nil {
		n.logger.Error("presence: an event cannot be read", "id", e.ID(), "error", err)
	}
	return err == nil
}

// pause waits, or returns early if ctx ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
