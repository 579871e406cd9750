package fanout_test

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/shared/event"
)

// A busyLog grows as fast as it is tailed: there is always more to deliver, and
// its tail never gets to report that.
type busyLog struct {
	*eventlog.Memory
	batches int           // that hold more than one event, before it pauses
	more    chan struct{} // lets one event through
}

func (l *busyLog) Tail(ctx context.Context, from uint64, fn func([]event.Event, error)) error {
	for n := 0; ctx.Err() == nil; n++ {
		if n >= l.batches {
			select {
			case <-l.more:
			case <-ctx.Done():
			}
		}
		page, err := l.Read(ctx, from, 4)
		if err != nil {
			return err
		}
		for range page.Events {
			if _, err := l.Append(ctx, event.Draft{Topic: "a", Type: "test.event", Data: strconv.AppendUint(nil, page.Next, 10)}); err != nil {
				return err
			}
		}
		from = page.Next
		fn(page.Events, nil)
	}
	return ctx.Err()
}

func busy(t *testing.T, stored, batches int) *busyLog {
	t.Helper()
	log := &busyLog{eventlog.NewMemory(eventlog.Retention{}), batches, make(chan struct{})}
	for i := range stored {
		d := event.Draft{Topic: "a", Type: "test.event", Data: strconv.AppendInt(nil, int64(i+1), 10)}
		if _, err := log.Append(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	return log
}

func TestReadyWaitsForWhatTheLogHeldAndNoMore(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		log := busy(t, 10, 0)
		r := newRig(t, log, fanout.Options{})
		for range 2 { // 8 events
			log.more <- struct{}{}
			synctest.Wait() // until Run waits again
			select {
			case <-r.hub.Ready():
				t.Fatal("it is ready before it has what the log held")
			default:
			}
		}
		log.more <- struct{}{} // 12 events
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		c, at, err := r.hub.Open(ctx, []string{"a"}, fanout.Start{Last: 3}, func() {})
		if err != nil {
			t.Fatalf("a log that grows as fast as it is read lets no reader in: %v", err)
		}
		defer c.Close()
		_, head := r.hub.Head()
		if head.Seq() != 12 || at.Position.Seq() != 9 {
			t.Errorf("the head is %s, and the newest three come after %s; of 20 events 12 have been delivered", head, at.Position)
		}
	})
}

// A caller that waits for its own write can read it, also on a hub that is behind.
func TestAwaitReturnsWhenTheEventsAreThere(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		log := busy(t, 4, 1)
		r := newRig(t, log, fanout.Options{})
		<-r.hub.Ready()
		mine, err := log.Append(t.Context(), event.Draft{Topic: "mine", Type: "test.event", Data: []byte("written")})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := r.hub.Await(ctx, mine.Seq()); !errors.Is(err, eventlog.ErrUnavailable) {
			t.Errorf("while the event is on its way: %v", err)
		}
		awaited := make(chan error)
		go func() { awaited <- r.hub.Await(t.Context(), mine.Seq()) }()
		for _, head := r.hub.Head(); head.Seq() < mine.Seq(); _, head = r.hub.Head() {
			log.more <- struct{}{}
			synctest.Wait()
		}
		if err := <-awaited; err != nil {
			t.Error(err)
		}
		expect(t, "the newest", r.open(fanout.Start{Last: 1}, "mine").read(), "mine=written")
	})
}

// The newest number can be of an event that has left, or of none: it is not
// waited for.
func TestAwaitDoesNotWaitForNumbersOfNoEvent(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := newRig(t, eventlog.NewMemory(eventlog.Retention{}), fanout.Options{})
		r.publishMany("a", 1, 3)
		if err := r.hub.Await(t.Context(), 4); err != nil {
			t.Error(err)
		}
	})
}

func TestAwaitEndsWithItsContext(t *testing.T) {
	hub := fanout.New(eventlog.NewMemory(eventlog.Retention{}), fanout.Options{}) // that does not run
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := hub.Await(ctx, 1); !errors.Is(err, eventlog.ErrUnavailable) || !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
}
