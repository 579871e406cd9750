package fanout

import (
	"context"
	"errors"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// Snapshot returns the newest n retained events of the topics, in order, and the
// position up to which they are complete: a stream opened after it continues
// where the snapshot ends. It reads the log; ctx bounds that. Events that
// retention removes meanwhile are not in it, nor are older ones.
func (h *Hub) Snapshot(ctx context.Context, topics []string, n int) ([]event.Event, event.ID, error) {
	c, at, err := h.Open(ctx, topics, Start{Last: n}, func() {})
	if err != nil {
		return nil, event.ID{}, err
	}
	defer c.Close()
	// The head is read first: events that come later belong to the stream.
	_, head := h.Head()
	release, err := h.acquireRead(ctx)
	if err != nil {
		return nil, event.ID{}, err
	}
	defer release()
	events, pos, from := []event.Event(nil), at.Position, at.Position.Seq()+1
	for pos.Seq() < head.Seq() {
		page, err := h.log.Read(ctx, from, h.opts.PageSize, topics...)
		if errors.Is(err, eventlog.ErrGap) {
			events, from = nil, 0 // on with the oldest that is left
			continue
		}
		if err != nil {
			return nil, event.ID{}, err
		}
		for _, e := range page.Events {
			if e.ID().Seq() > head.Seq() {
				return events, head, nil
			}
			events, pos = append(events, e), e.ID()
		}
		from = page.Next
		switch {
		case page.Next > head.Seq():
			return events, head, nil
		case page.Head: // this node's store lags: the snapshot is complete up to pos only
			return events, pos, nil
		}
	}
	return events, pos, nil
}
