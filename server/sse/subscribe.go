package sse

import (
	"context"
	"errors"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/shared/event"
)

const (
	followPage  = 256                    // how many events are read at a time
	followPause = 250 * time.Millisecond // before a log that is out of reach is asked again
	lagPause    = 10 * time.Millisecond  // before a replica that lags is
)

// A Subscription delivers the events of topics to the server's own code, as a
// stream delivers them to a client. It costs nothing until one of its topics has
// an event.
type Subscription struct {
	Topics []string
	Last   int // how many retained events are delivered first

	// Begin is called before the first event of a log, and again if the log was
	// replaced by another, or if retention has removed events that were to come:
	// then the retained ones are delivered again. Events is called with the events
	// in order; after a failure it may get some of them again. Current is called
	// when Events has been given all there is. All three must be set. They are
	// called one at a time.
	Begin   func(epoch string)
	Events  func([]event.Event)
	Current func()
}

// Subscribe calls the functions of s with the events of its topics until ctx
// ends. It continues after outages of the log.
func (h *Handler) Subscribe(ctx context.Context, s Subscription) {
	(&subscriber{Subscription: s, hub: h.hub, log: h.log}).run(ctx)
}

// A subscriber runs a Subscription. It has a cursor of the hub, as streams have,
// and reads the events that the cursor passes from the log.
type subscriber struct {
	Subscription
	hub   *fanout.Hub
	log   eventlog.Log
	epoch string // of the log that is being read
	next  uint64 // the lowest number that has not been taken
}

// run follows until ctx ends.
func (f *subscriber) run(ctx context.Context) {
	for ctx.Err() == nil {
		if err := f.follow(ctx); ctx.Err() == nil && !errors.Is(err, fanout.ErrLost) {
			pause(ctx, followPause)
		}
	}
}

// follow follows from the retained events on until something fails.
func (f *subscriber) follow(ctx context.Context) error {
	more := newSignal()
	c, at, err := f.hub.Open(ctx, f.Topics, fanout.Start{Last: f.Last}, more.notify)
	if err != nil {
		return err
	}
	defer c.Close()
	f.epoch, f.next = at.Position.Epoch(), at.Position.Seq()+1
	f.Begin(f.epoch)
	for {
		upTo, idle, err := advance(ctx, c)
		if err == nil && !idle {
			err = f.read(ctx, upTo)
		}
		if err != nil {
			return err
		}
		if !idle {
			continue
		}
		f.Current()
		select {
		case <-more:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// advance moves the cursor past some new events, and returns the number up to which
// they are. It reports idle if there are none: then the cursor wakes its reader
// later.
func advance(ctx context.Context, c *fanout.Cursor) (upTo uint64, idle bool, err error) {
	frames, err := c.Take(nil, 1<<20)
	if errors.Is(err, fanout.ErrBehind) {
		_, err = c.Fetch(ctx, nil)
		return c.Position().Seq(), false, err
	}
	if err != nil || len(frames) == 0 {
		return 0, true, err
	}
	return frames[len(frames)-1].ID.Seq(), false, nil
}

// read delivers the topics' events up to a number.
func (f *subscriber) read(ctx context.Context, upTo uint64) error {
	for f.next <= upTo {
		page, err := f.log.Read(ctx, f.next, followPage, f.Topics...)
		if err != nil {
			return err
		}
		if len(page.Events) > 0 {
			f.Events(page.Events)
		}
		if f.next = page.Next; page.Head && f.next <= upTo {
			if epoch, _ := f.hub.Head(); epoch != f.epoch { // another log may never get there
				return fanout.ErrLost
			}
			pause(ctx, lagPause)
		}
	}
	return ctx.Err()
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
