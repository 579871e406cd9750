package fanout

import (
	"context"
	"time"

	"github.com/seawaykit/seaway/shared/event"
)

// Fetch appends the next frames to dst from the log: one page, after which Take
// may go on in the ring. It blocks for a place among the hub's deep reads and
// for the log; ctx bounds both. The error is [ErrLost], ctx's, or the log's.
func (c *Cursor) Fetch(ctx context.Context, dst []Frame) ([]Frame, error) {
	release, err := c.hub.deepSlot(ctx)
	if err != nil {
		return dst, err
	}
	defer release()
	page, err := c.hub.log.Read(ctx, c.pos.Seq()+1, c.hub.opts.PageSize, c.topicNames()...)
	if err != nil {
		return dst, err
	}
	// Asked after the read: what left the log during it is noticed too.
	state, err := c.hub.log.State(ctx)
	if err != nil {
		return dst, err
	}
	if state.Epoch != c.pos.Epoch() || c.pos.Seq()+1 < state.First {
		return dst, ErrLost
	}
	for _, e := range page.Events {
		dst = append(dst, Frame{e.ID(), c.hub.opts.Encode(e)})
		c.pos = e.ID()
	}
	if len(page.Events) > 0 {
		return dst, nil
	}
	return dst, c.pass(ctx, page.Next)
}

// pass moves the cursor over numbers that hold nothing of its topics. A node
// whose store lags behind its tail makes no progress for a moment: asking it
// again at once would only keep it busy.
func (c *Cursor) pass(ctx context.Context, next uint64) error {
	const pause = 20 * time.Millisecond
	if next > c.pos.Seq()+1 {
		c.pos = event.Position(c.pos.Epoch(), next-1)
		return nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(pause):
		return nil
	}
}
