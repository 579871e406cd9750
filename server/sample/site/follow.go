package site

import (
	"context"
	"errors"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/fanout"
	"github.com/seawaykit/seaway/shared/event"
)

const (
	followPage  = 256                    // how many events are read at a time
	followPause = 250 * time.Millisecond // before a log that is out of reach is asked again
	lagPause    = 10 * time.Millisecond  // before a replica that lags is
)

// A follower is a reader inside the server: it sees events where a page's reader
// sees frames. It has a cursor of the hub as they have, so it costs nothing until
// one of its topics has something, and then reads that from the log.
type follower struct {
	hub    *fanout.Hub
	log    eventlog.Log
	topics []string
	last   int // how many retained events it wants first

	// begin is called before the first event of a log, and again if another log
	// has taken its place. take is given the events in order; after a failure
	// some of them again. current is called when it has been given all there was.
	begin   func(epoch string)
	take    func([]event.Event)
	current func()

	next uint64 // the lowest number that has not been taken
}

// run follows until ctx ends.
func (f *follower) run(ctx context.Context) {
	for ctx.Err() == nil {
		if err := f.follow(ctx); ctx.Err() == nil && !errors.Is(err, fanout.ErrLost) {
			pause(ctx, followPause)
		}
	}
}

// follow follows from the retained events on until something fails.
func (f *follower) follow(ctx context.Context) error {
	bell := make(chan struct{}, 1)
	c, at, err := f.hub.Open(ctx, f.topics, fanout.Start{Last: f.last}, func() { poke(bell) })
	if err != nil {
		return err
	}
	defer c.Close()
	f.begin(at.Position.Epoch())
	f.next = at.Position.Seq() + 1
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
		f.current()
		select {
		case <-bell:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// advance moves the cursor past some of what is new, and returns the number up
// to which that is. It is idle if nothing was: then the cursor's bell will ring.
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

// read takes the topics' events up to a number.
func (f *follower) read(ctx context.Context, upTo uint64) error {
	for f.next <= upTo {
		page, err := f.log.Read(ctx, f.next, followPage, f.topics...)
		if err != nil {
			return err
		}
		if len(page.Events) > 0 {
			f.take(page.Events)
		}
		if f.next = page.Next; page.Head && f.next <= upTo {
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

// poke puts an entry into a channel that has room for one.
func poke(bell chan<- struct{}) {
	select {
	case bell <- struct{}{}:
	default:
	}
}
