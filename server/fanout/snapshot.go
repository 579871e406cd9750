package fanout

import (
	"context"

	"github.com/seawaykit/seaway/shared/event"
)

// Snapshot returns the newest n retained events of the topics, in order, and the
// position up to which they are complete: a stream opened after it goes on where
// the snapshot ends. It reads the log; ctx bounds that.
func (h *Hub) Snapshot(ctx context.Context, topics []string, n int) ([]event.Event, event.ID, error) {
	c, at, err := h.Open(ctx, topics, Start{Last: n}, func() {})
	if err != nil {
		return nil, event.ID{}, err
	}
	defer c.Close()
	// The head is read first: events that come later belong to the stream.
	_, head := h.Head()
	release, err := h.deepSlot(ctx)
	if err != nil {
		return nil, event.ID{}, err
	}
	defer release()
	events, pos := []event.Event(nil), at.Position
	for pos.Seq() < head.Seq() {
		page, err := h.log.Read(ctx, pos.Seq()+1, h.opts.PageSize, topics...)
		if err != nil {
			return nil, event.ID{}, err
		}
		for _, e := range page.Events {
			if e.ID().Seq() > head.Seq() {
				return events, head, nil
			}
			events, pos = append(events, e), e.ID()
		}
		switch {
		case page.Next > head.Seq():
			return events, head, nil
		case page.Head: // this node's store lags: it vouches for no more
			return events, pos, nil
		}
	}
	return events, pos, nil
}
