package fanout

import (
	"context"
	"slices"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// A Start says where a reader wants to begin.
type Start struct {
	After event.ID // resume right after this id; zero for a fresh start
	Last  int      // on a fresh start or a reset: how many retained events first
}

// An Opening says where a cursor begins.
type Opening struct {
	Mode     wire.Mode
	Reason   wire.Reason // why it is a reset
	Position event.ID    // the cursor's position
}

// Open returns a cursor over the topics, which must have been checked. It waits
// for the ring to be filled and for an event that is ahead of this node, and
// reads the log if it must: ctx bounds all that. The error is ctx's or one of
// the log's.
//
// wake is called from the hub's goroutine, under its lock, when a cursor that
// waits has something to take: it must not block or call the hub.
//
// A position that cannot be resumed from is not an error: the Opening is a
// reset, and the cursor begins with the retained window. The caller must Close
// the cursor.
func (h *Hub) Open(ctx context.Context, topics []string, start Start, wake func()) (*Cursor, Opening, error) {
	topics = slices.Compact(slices.Sorted(slices.Values(topics)))
	select {
	case <-h.ready:
	case <-ctx.Done():
		return nil, Opening{}, ctx.Err()
	}
	c := &Cursor{hub: h, wake: wake}
	// Joined first: from here on the topics' lists are kept, so what follows
	// can only be about events that the ring or the log holds.
	h.mu.Lock()
	h.ring.join(topics, c)
	h.mu.Unlock()
	opening, err := c.place(ctx, start)
	if err != nil {
		c.Close()
		return nil, Opening{}, err
	}
	return c, opening, nil
}

// Restart places a lost cursor anew: at the retained window of the log as it
// is now, at least last events. The caller tells its reader to start over.
func (c *Cursor) Restart(ctx context.Context, last int) (Opening, error) {
	h := c.hub
	reason := wire.Purged
	h.mu.Lock()
	if g := c.group; g.ring != h.ring {
		reason = wire.Replaced
		g.leave(c)
		h.ring.join(g.names(), c)
	}
	h.mu.Unlock()
	return c.reset(ctx, last, reason)
}

// place sets the cursor's position.
func (c *Cursor) place(ctx context.Context, start Start) (Opening, error) {
	if start.After.IsZero() {
		pos, err := c.windowStart(ctx, start.Last)
		c.set(pos)
		return Opening{Mode: wire.Live, Position: pos}, err
	}
	reason, err := c.refusal(ctx, start.After)
	if err != nil {
		return Opening{}, err
	}
	if reason != "" {
		return c.reset(ctx, start.Last, reason)
	}
	c.set(start.After)
	return Opening{Mode: wire.Resumed, Position: c.pos}, nil
}

func (c *Cursor) reset(ctx context.Context, last int, reason wire.Reason) (Opening, error) {
	if last == 0 {
		last = c.hub.opts.Window
	}
	pos, err := c.windowStart(ctx, last)
	c.set(pos)
	return Opening{Mode: wire.Reset, Reason: reason, Position: pos}, err
}

// refusal returns why the stream cannot go on right after id, or "". It goes on
// only if two things are proved: that id is of the log's own history, and that
// the ring or the log still holds everything after it but what has left by
// itself, at the end of its lifetime or for a newer event.
func (c *Cursor) refusal(ctx context.Context, id event.ID) (wire.Reason, error) {
	h := c.hub
	if epoch, _ := h.Head(); id.Epoch() != epoch {
		return wire.OtherEpoch, nil
	}
	if !h.known().Proves(id) {
		// It may be of a generation that has begun since the log was last asked.
		state, err := h.ask(ctx)
		if err != nil {
			return "", err
		}
		if !state.Proves(id) {
			return wire.OtherPast, nil
		}
	}
	if _, head := h.Head(); id.Seq() > head.Seq() {
		// Not a gap: another node has seen more. This one will shortly.
		wait, cancel := context.WithTimeout(ctx, h.opts.AheadWait)
		reached := h.awaitHead(wait, id.Seq())
		cancel()
		if !reached {
			return h.refusalAhead(ctx, id)
		}
	}
	h.mu.RLock()
	// All events of the ring came from one tail, which has ended if the log has
	// lost one of them: then this ring is replaced, and its readers are lost.
	inRing := id.Seq() > h.ring.evicted
	there, found := h.ring.find(id.Seq())
	if id.IsPosition() && id.Seq() >= h.ring.evicted {
		inRing, found = true, false // it names no event that could be another
	}
	h.mu.RUnlock()
	switch {
	case !inRing:
		return h.refusalByLog(ctx, id)
	case found && there != id:
		return wire.OtherEvent, nil
	}
	return "", nil // the event itself, or a hole where one was
}

// refusalAhead decides about a position that this node has not reached. It can
// be the newest number of all and name no event that would ever come.
func (h *Hub) refusalAhead(ctx context.Context, id event.ID) (wire.Reason, error) {
	release, err := h.deepSlot(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	state, err := h.log.State(ctx)
	if err != nil {
		return "", err
	}
	due, err := h.due(ctx, id.Seq())
	if due || state.Last < id.Seq() {
		return wire.AheadOfNode, err
	}
	return "", err
}

// refusalByLog decides about a position that is older than the ring.
func (h *Hub) refusalByLog(ctx context.Context, id event.ID) (wire.Reason, error) {
	release, err := h.deepSlot(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	page, err := h.log.Read(ctx, id.Seq(), 1)
	if err != nil {
		return "", err
	}
	// Asked after the read: what left the log during it is noticed too.
	state, err := h.log.State(ctx)
	if err != nil {
		return "", err
	}
	switch {
	case !state.Proves(id):
		return wire.OtherPast, nil
	case len(page.Events) > 0 && page.Events[0].ID().Seq() == id.Seq() && page.Events[0].ID() != id && !id.IsPosition():
		return wire.OtherEvent, nil
	case id.Seq()+1 < state.First:
		return wire.Purged, nil
	}
	return "", nil
}

// ask asks the log for its state.
func (h *Hub) ask(ctx context.Context) (eventlog.State, error) {
	release, err := h.deepSlot(ctx)
	if err != nil {
		return eventlog.State{}, err
	}
	defer release()
	state, err := h.log.State(ctx)
	if err == nil {
		h.learn(state)
	}
	return state, err
}

// known returns the state of the ring's log as it was last asked for.
func (h *Hub) known() eventlog.State {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.state
}

// learn takes note of the log's generations. Another log is for Run to notice.
func (h *Hub) learn(s eventlog.State) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s.Epoch == h.state.Epoch {
		h.state = s
	}
}

// deepSlot waits for permission to read the log.
func (h *Hub) deepSlot(ctx context.Context) (release func(), err error) {
	select {
	case h.deep <- struct{}{}:
		return func() { <-h.deep }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
