package fanout_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/shared/event"
)

// A racingLog is a log whose retention is as fast as its readers: events are
// stored, and others removed, before each Tail and before each Read of a page.
type racingLog struct {
	*eventlog.Memory
	t       *testing.T
	burst   int // how many events are stored before each
	atReads int // before how many reads

	mu    sync.Mutex
	next  int
	tails int
}

func (l *racingLog) store(n int) {
	l.t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	for range n {
		l.next++
		d := event.Draft{Topic: "a", Type: "test.event", Data: fmt.Append(nil, l.next)}
		if _, err := l.Append(context.Background(), d); err != nil {
			l.t.Error(err)
		}
	}
}

func (l *racingLog) Tail(ctx context.Context, from uint64, fn func([]event.Event, error)) error {
	l.tails++
	l.store(l.burst)
	return l.Memory.Tail(ctx, from, fn)
}

func (l *racingLog) Read(ctx context.Context, from uint64, limit int, topics ...string) (eventlog.Page, error) {
	if l.atReads > 0 {
		l.atReads--
		l.store(l.burst)
	}
	return l.Memory.Read(ctx, from, limit, topics...)
}

func TestHubBeginsLaterInALogWhoseRetentionIsAsFast(t *testing.T) {
	log := &racingLog{Memory: eventlog.NewMemory(eventlog.Retention{MaxEvents: 8}), t: t, burst: 4}
	log.store(20)
	r := newRig(t, log, fanout.Options{MaxEvents: 8})
	<-r.hub.Ready()
	if log.tails != 2 {
		t.Errorf("%d tails were begun, want 2", log.tails)
	}
	expect(t, "the newest", r.open(fanout.Start{Last: 3}, "a").read(), count("a", 26, 28))
}

// A heldLog holds its tail up.
type heldLog struct {
	*eventlog.Memory
	gate sync.RWMutex
}

func (l *heldLog) Tail(ctx context.Context, from uint64, fn func([]event.Event, error)) error {
	return l.Memory.Tail(ctx, from, func(batch []event.Event, err error) {
		l.gate.RLock()
		defer l.gate.RUnlock()
		fn(batch, err)
	})
}

func TestHubThatRetentionOvertakesLosesItsReaders(t *testing.T) {
	log := &heldLog{Memory: eventlog.NewMemory(eventlog.Retention{MaxEvents: 10})}
	r := newRig(t, log, fanout.Options{})
	r.publishMany("a", 1, 3)
	rd := r.open(fanout.Start{Last: 3}, "a")
	expect(t, "before", rd.read(), count("a", 1, 3))
	log.gate.Lock()
	for i := range 30 {
		d := event.Draft{Topic: "a", Type: "test.event", Data: fmt.Append(nil, i+4)}
		if _, err := log.Append(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	log.gate.Unlock()
	r.awaitHead(33)
	if got, err := rd.tryRead(); !errors.Is(err, fanout.ErrLost) {
		t.Fatalf("read %q, %v; want ErrLost", got, err)
	}
	at, err := rd.Restart(t.Context(), 2)
	if err != nil || at.Reason != "purged" {
		t.Fatalf("Restart: %+v, %v", at, err)
	}
	expect(t, "after the restart", rd.read(), count("a", 32, 33))
}

// What is read for a snapshot leaves while it is read: it holds what is left, and
// nothing from before that.
func TestSnapshotLeavesOutWhatRetentionRemoves(t *testing.T) {
	log := &racingLog{Memory: eventlog.NewMemory(eventlog.Retention{MaxEvents: 20}), t: t}
	r := newRig(t, log, fanout.Options{PageSize: 4})
	log.store(20)
	r.awaitHead(20)
	log.burst, log.atReads = 6, 2
	events, pos, err := r.hub.Snapshot(t.Context(), []string{"a"}, 20)
	if err != nil || pos.Seq() < 20 {
		t.Fatalf("up to %s: %v", pos, err)
	}
	for i, e := range events {
		if want := uint64(13 + i); e.ID().Seq() != want {
			t.Errorf("event %d is %s, want number %d", i, e.ID(), want)
		}
	}
	if len(events) < 8 {
		t.Errorf("%d events are in the snapshot, want at least 8", len(events))
	}
}

// The window of a reader that comes back is searched in a log that forgets it.
func TestWindowIsWhatRetentionLeaves(t *testing.T) {
	log := &racingLog{Memory: eventlog.NewMemory(eventlog.Retention{MaxEvents: 20}), t: t}
	r := newRig(t, log, fanout.Options{MaxEvents: 4, PageSize: 4})
	log.store(20)
	r.awaitHead(20)
	log.burst, log.atReads = 6, 2 // a page is lost between them
	rd := r.open(fanout.Start{Last: 20}, "a")
	if at := rd.Opening.Position.Seq(); at != 12 {
		t.Errorf("the window begins after %d, want 12", at)
	}
	r.awaitHead(32)
	expect(t, "the window", rd.read(), count("a", 13, 32))
}

// The event that a position names has expired, or was replaced: nothing else is
// lost, so its reader resumes, whether the ring decides or the log.
func TestPositionOfAnEventThatHasLeftByItselfIsResumed(t *testing.T) {
	for _, ringSize := range []int{100, 2} {
		inBubble(t, func(t *testing.T) {
			r := newRig(t, eventlog.NewMemory(eventlog.Retention{}), fanout.Options{MaxEvents: ringSize})
			expired := r.publish("a", "short", event.Expires(time.Second))
			replaced := r.publish("a", "old", event.Latest())
			r.publish("a", "new", event.Latest())
			r.publishMany("a", 1, 3)
			<-time.After(time.Minute)
			for name, after := range map[string]event.ID{"expired": expired, "replaced": replaced} {
				rd := r.open(fanout.Start{After: after}, "a")
				got := fmt.Sprintf("%s %s: %s", rd.Mode, rd.Reason, rd.read())
				expect(t, fmt.Sprint(name, ", ring of ", ringSize), got, "resumed : a=new "+count("a", 1, 3))
			}
		})
	}
}
