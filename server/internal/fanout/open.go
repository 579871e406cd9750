package fanout

import (
	"context"
	"errors"
	"slices"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// A Start is where a reader asks to begin.
type Start struct {
	After event.ID // resume right after this id; zero for a fresh start
	Last  int      // on a fresh start or a reset: how many retained events first
}

// An Opening is where a cursor begins.
type Opening struct {
	Mode     wire.Mode
	Reason   wire.Reason // why it is a reset
	Position event.ID    // the cursor's position
}

// Open returns a cursor over the topics, which must have been checked. It waits
// for the ring to be filled and for an event that is ahead of this node, and
// reads the log if necessary; ctx bounds it. The error is ctx's or one of the
// log's.
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
	opening, err := c.seek(ctx, start)
	if err != nil {
		c.Close()
		return nil, Opening{}, err
	}
	return c, opening, nil
}

// Restart moves a lost cursor to the retained window of the log as it is now,
// at least last events. The caller sends its reader a reset.
func (c *Cursor) Restart(ctx context.Context, last int) (Opening, error) {
	h := c.hub
	reason := wire.Purged
	h.mu.Lock()
	if g := c.group; g.ring != h.ring {
		if g.ring.epoch != h.ring.epoch || !h.state.Proves(g.ring.head) {
			reason = wire.Replaced // else retention has overtaken the tail
		}
		g.leave(c)
		h.ring.join(g.names(), c)
	}
	h.mu.Unlock()
	return c.reset(ctx, last, reason)
}

// seek sets the cursor's first position.
func (c *Cursor) seek(ctx context.Context, start Start) (Opening, error) {
	if start.After.IsZero() {
		pos, err := c.windowStart(ctx, start.Last)
		c.set(pos)
		return Opening{Mode: wire.Live, Position: pos}, err
	}
	reason, err := c.resetReason(ctx, start.After)
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

// resetReason returns why a reader cannot resume right after id, or "". It can
// only if two things are proved: that id is part of the log's history, and that
// the ring or the log still holds everything after it except events that have
// expired or were replaced.
func (c *Cursor) resetReason(ctx context.Context, id event.ID) (wire.Reason, error) {
	h := c.hub
	if epoch, _ := h.Head(); id.Epoch() != epoch {
		return wire.OtherEpoch, nil
	}
	if !h.knownState().Proves(id) {
		// It may be of a generation that has begun since the log was last asked.
		state, err := h.fetchState(ctx)
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
			return h.resetReasonAhead(ctx, id)
		}
	}
	h.mu.RLock()
	// All events of the ring came from one tail, which has ended if the log has
	// lost one of them: then this ring is replaced, and its readers are lost.
	inRing := id.Seq() > h.ring.evicted
	there, of, found := h.ring.find(id.Seq())
	if id.IsPosition() && id.Seq() >= h.ring.evicted {
		inRing, found = true, false // it names no event that could be another
	}
	h.mu.RUnlock()
	switch {
	case !inRing:
		return c.resetReasonFromLog(ctx, id)
	case found && there != id && c.mustName(id, of.name):
		return wire.OtherEvent, nil
	}
	return "", nil // the event itself, or a hole where one was
}

// resetReasonAhead decides about a position that this node has not reached. It
// can be the newest number of all and name no event that would ever come.
func (h *Hub) resetReasonAhead(ctx context.Context, id event.ID) (wire.Reason, error) {
	release, err := h.acquireRead(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	state, err := h.log.State(ctx)
	if err != nil {
		return "", err
	}
	due, err := h.isBehind(ctx, id.Seq())
	if due || state.Last < id.Seq() {
		return wire.AheadOfNode, err
	}
	return "", err
}

// mustName reports whether a position at the number of a topic's event has to name that
// event. It has to where nothing else proves it, and in a topic of the cursor's. In another
// topic, a log with generations has proved it already, and the answer must not depend on
// whether the event is the one that is named: its reader may not know that there is one.
func (c *Cursor) mustName(id event.ID, name string) bool {
	if id.Generation() == (event.Generation{}) {
		return true
	}
	c.hub.mu.RLock()
	defer c.hub.mu.RUnlock()
	return slices.ContainsFunc(c.group.topics, func(t *topic) bool { return t.name == name })
}

// resetReasonFromLog decides about a position that is older than the ring.
func (c *Cursor) resetReasonFromLog(ctx context.Context, id event.ID) (wire.Reason, error) {
	h := c.hub
	release, err := h.acquireRead(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	page, err := h.log.Read(ctx, id.Seq(), 1)
	if err != nil && !errors.Is(err, eventlog.ErrGap) { // id itself may be gone, not what came after it
		return "", err
	}
	// Asked after the read, so that what left the log during it is detected.
	state, err := h.log.State(ctx)
	if err != nil {
		return "", err
	}
	switch {
	case !state.Proves(id):
		return wire.OtherPast, nil
	case len(page.Events) > 0 && page.Events[0].ID().Seq() == id.Seq() && page.Events[0].ID() != id && !id.IsPosition() && c.mustName(id, page.Events[0].Topic()):
		return wire.OtherEvent, nil
	case id.Seq()+1 < state.First:
		return wire.Purged, nil
	}
	return "", nil
}

// fetchState asks the log for its state.
func (h *Hub) fetchState(ctx context.Context) (eventlog.State, error) {
	release, err := h.acquireRead(ctx)
	if err != nil {
		return eventlog.State{}, err
	}
	defer release()
	state, err := h.log.State(ctx)
	if err == nil {
		h.setKnownState(state)
	}
	return state, err
}

// knownState returns the state of the ring's log as last fetched.
func (h *Hub) knownState() eventlog.State {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.state
}

// setKnownState stores a newer state of the same log. A replaced log is
// detected by Run.
func (h *Hub) setKnownState(s eventlog.State) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s.Epoch == h.state.Epoch {
		h.state = s
	}
}

// acquireRead waits for one of the places for log reads.
func (h *Hub) acquireRead(ctx context.Context) (release func(), err error) {
	select {
	case h.logSlots <- struct{}{}:
		return func() { <-h.logSlots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
