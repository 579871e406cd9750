package jetstream

import (
	"cmp"
	"context"
	"fmt"

	"github.com/seawaykit/seaway/server/eventlog"
)

// A direct get silently continues at the next message that exists, and its
// response does not contain the stream's first number. So the leader is asked for
// that number, after the read, so that events that left during the read are
// detected as well. A page that holds an event for every number, as most pages of
// all topics do, needs no request. Without a quorum, a replica that has as much
// as the page can confirm it, but only a leader with a quorum proves a gap.

// checkGap returns a page that was read from a number if retention has removed
// no event of it, else ErrGap. From 0 the page begins with the log's first
// number: events before a gap are dropped, since they have left the log as
// well.
func (l *Log) checkGap(ctx context.Context, from uint64, page eventlog.Page) (eventlog.Page, error) {
	missing := max(from, 1)
	for _, e := range page.Events {
		if e.ID().Seq() != missing {
			break
		}
		missing++
	}
	if len(page.Events) > 0 && missing == page.Next {
		return page, nil
	}
	for {
		seen, err := l.inspect(ctx)
		confirms := err == nil && (seen.unproven == nil || seen.Last+1 >= page.Next)
		switch {
		case confirms && missing >= seen.First:
			return page, nil
		case confirms && from == 0:
			return dropBefore(seen.First, page), nil
		case confirms && seen.unproven == nil:
			return eventlog.Page{}, eventlog.ErrGap
		}
		if !wait(ctx, againPause) {
			return eventlog.Page{}, fmt.Errorf("%w (last answer: %v)", l.interrupted(ctx), cmp.Or(err, seen.unproven))
		}
	}
}

// dropBefore returns the page without the events before number first.
func dropBefore(first uint64, page eventlog.Page) eventlog.Page {
	for len(page.Events) > 0 && page.Events[0].ID().Seq() < first {
		page.Events = page.Events[1:]
	}
	page.Next = max(page.Next, first)
	return page
}
