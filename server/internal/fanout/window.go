package fanout

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// windowStart returns the position before the newest n retained events of the
// cursor's topics; the head if there are none or n is 0.
func (c *Cursor) windowStart(ctx context.Context, n int) (event.ID, error) {
	h, first := c.hub, uint64(0)
	if n > 0 {
		first = c.hub.first(ctx)
	}
	h.mu.RLock()
	head := h.ring.head
	ids, floor := c.newest(n)
	h.mu.RUnlock()

	ids = slices.DeleteFunc(ids, func(id event.ID) bool { return id.Seq() < first })
	if len(ids) < n && floor > 0 && floor >= first {
		older, err := c.newestInLog(ctx, n-len(ids), floor)
		if err != nil {
			return event.ID{}, err
		}
		ids = append(older, ids...)
	}
	if len(ids) == 0 {
		return head, nil
	}
	return ids[0].Before(), nil
}

// newest returns the number above which the ring holds all the topics' events,
// and the ids of the newest n of those, in order. It needs the lock.
func (c *Cursor) newest(n int) (ids []event.ID, floor uint64) {
	for _, t := range c.group.topics {
		floor = max(floor, t.evicted)
	}
	for _, t := range c.group.topics {
		entries := t.after(floor)
		for _, en := range entries[max(0, len(entries)-n):] {
			ids = append(ids, en.ID)
		}
	}
	slices.SortFunc(ids, func(a, b event.ID) int { return cmp.Compare(a.Seq(), b.Seq()) })
	return ids[max(0, len(ids)-n):], floor
}

// newestInLog returns the ids of the newest n events of the topics that the log
// holds up to number floor, in order. A log reads forward only, so it reads
// growing ranges before floor until one holds enough: about 4n events are read
// where the topics' events are spread evenly.
func (c *Cursor) newestInLog(ctx context.Context, n int, floor uint64) ([]event.ID, error) {
	release, err := c.hub.acquireRead(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	for length := uint64(4 * n); ; length *= 4 {
		from := uint64(0) // the oldest that is left
		if floor > length {
			from = floor - length + 1
		}
		ids, err := c.idsBetween(ctx, from, floor, n)
		for errors.Is(err, eventlog.ErrGap) { // then all that is left is in the stretch
			from = 0
			ids, err = c.idsBetween(ctx, from, floor, n)
		}
		if err != nil || len(ids) >= n || from == 0 {
			return ids, err
		}
	}
}

// idsBetween returns the last n ids of the topics' events in from..to. The error
// is ErrGap if retention has removed one of them.
func (c *Cursor) idsBetween(ctx context.Context, from, to uint64, n int) (ids []event.ID, err error) {
	for from <= to {
		page, err := c.hub.log.Read(ctx, from, c.hub.opts.PageSize, c.group.names()...)
		if err != nil {
			return nil, err
		}
		for _, e := range page.Events {
			if e.ID().Seq() <= to {
				ids = append(ids, e.ID())
			}
		}
		ids = slices.Delete(ids, 0, max(0, len(ids)-n))
		if page.Head {
			break
		}
		from = page.Next
	}
	return ids, nil
}
