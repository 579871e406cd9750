package fanout

import (
	"context"
	"slices"

	"github.com/seawaykit/seaway/shared/event"
)

// windowStart returns the position before the newest n retained events of the
// cursor's topics; the head if there are none or n is 0.
func (c *Cursor) windowStart(ctx context.Context, n int) (event.ID, error) {
	h := c.hub
	h.mu.RLock()
	epoch, head := h.epoch, h.ring.head
	seqs, floor := c.newest(n)
	h.mu.RUnlock()

	if len(seqs) < n && floor > 0 {
		older, err := c.newestInLog(ctx, n-len(seqs), floor)
		if err != nil {
			return event.ID{}, err
		}
		seqs = append(older, seqs...)
	}
	if len(seqs) == 0 {
		return head, nil
	}
	return event.Position(epoch, seqs[0]-1), nil
}

// newest returns the number above which the ring holds all the topics' events,
// and the numbers of the newest n of those, in order. It needs the lock.
func (c *Cursor) newest(n int) (seqs []uint64, floor uint64) {
	for _, t := range c.group.topics {
		floor = max(floor, t.evicted)
	}
	for _, t := range c.group.topics {
		entries := t.after(floor)
		for _, en := range entries[max(0, len(entries)-n):] {
			seqs = append(seqs, en.ID.Seq())
		}
	}
	slices.Sort(seqs)
	return seqs[max(0, len(seqs)-n):], floor
}

// newestInLog returns the numbers of the newest n events of the topics that the
// log holds up to number floor, in order. A log reads forward only, so it looks
// at growing stretches before floor until one holds enough: about 4n events are
// read where the topics' events are spread evenly.
func (c *Cursor) newestInLog(ctx context.Context, n int, floor uint64) ([]uint64, error) {
	release, err := c.hub.deepSlot(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	state, err := c.hub.log.State(ctx)
	if err != nil {
		return nil, err
	}
	first := max(state.First, 1)
	for stretch := uint64(4 * n); ; stretch *= 4 {
		from := first
		if floor > stretch {
			from = max(first, floor-stretch+1)
		}
		seqs, err := c.seqsBetween(ctx, from, floor, n)
		if err != nil || len(seqs) >= n || from <= first {
			return seqs, err
		}
	}
}

// seqsBetween returns the last n numbers of the topics' events in from..to.
func (c *Cursor) seqsBetween(ctx context.Context, from, to uint64, n int) (seqs []uint64, err error) {
	for from <= to {
		page, err := c.hub.log.Read(ctx, from, c.hub.opts.PageSize, c.group.names()...)
		if err != nil {
			return nil, err
		}
		for _, e := range page.Events {
			if e.ID().Seq() <= to {
				seqs = append(seqs, e.ID().Seq())
			}
		}
		seqs = slices.Delete(seqs, 0, max(0, len(seqs)-n))
		if page.Head {
			break
		}
		from = page.Next
	}
	return seqs, nil
}
