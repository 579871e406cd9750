package eventlog_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

func TestMemoryForgetsByItsRetention(t *testing.T) {
	tests := []struct {
		name      string
		retention eventlog.Retention
		publish   func(t *testing.T, log eventlog.Log)
		want      string // the payloads that are left
		first     uint64
	}{
		{"the zero retention keeps a handful", eventlog.Retention{}, numbered(3, time.Second), "1 2 3", 1},
		{"the oldest leave by count", eventlog.Retention{MaxEvents: 2}, numbered(5, 0), "4 5", 4},
		{"the oldest leave by bytes", eventlog.Retention{MaxBytes: 2 * (1 + 4 + 1)}, numbered(5, 0), "4 5", 4},
		{"the newest stays though it exceeds the bytes alone", eventlog.Retention{MaxBytes: 1}, numbered(2, 0), "2", 2},
		{"the oldest leave by age", eventlog.Retention{MaxAge: time.Minute}, numbered(5, 25*time.Second), "4 5", 4},
		{"all leave by age", eventlog.Retention{MaxAge: time.Minute}, numbered(1, time.Minute), "", 2},
		{"a lifetime ends in the middle", eventlog.Retention{}, func(t *testing.T, log eventlog.Log) {
			numbered(1, 0)(t, log)
			publish(t, log, event.Draft{Topic: "a", Type: "test", Data: []byte("short"), TTL: time.Second})
			numbered(1, time.Second)(t, log)
		}, "1 1", 1},
		{"an older lifetime ends later", eventlog.Retention{}, func(t *testing.T, log eventlog.Log) {
			publish(t, log, event.Draft{Topic: "a", Type: "test", Data: []byte("long"), TTL: time.Hour})
			publish(t, log, event.Draft{Topic: "a", Type: "test", Data: []byte("short"), TTL: time.Minute})
			<-time.After(time.Minute)
		}, "long", 1},
		{"a topic of one event does not wear the others out", eventlog.Retention{MaxEvents: 3}, func(t *testing.T, log eventlog.Log) {
			numbered(1, 0)(t, log)
			for i := range 1000 {
				publish(t, log, event.Draft{Topic: "clock", Type: "test", Data: fmt.Append(nil, i), Latest: true})
			}
		}, "1 999", 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log := eventlog.NewMemory(test.retention)
				defer log.Close()
				test.publish(t, log)
				page, err := log.Read(t.Context(), 0, 100)
				if err != nil {
					t.Fatal(err)
				}
				var left []string
				for _, e := range page.Events {
					left = append(left, string(e.Data()))
				}
				if got := fmt.Sprint(left); got != "["+test.want+"]" {
					t.Errorf("left %s, want %s", got, test.want)
				}
				if state, err := log.State(t.Context()); err != nil || state.First != test.first {
					t.Errorf("first is %d (%v), want %d", state.First, err, test.first)
				}
			})
		})
	}
}

// numbered publishes n events "1" to "n" and lets the clock go on by pause
// after each.
func numbered(n int, pause time.Duration) func(*testing.T, eventlog.Log) {
	return func(t *testing.T, log eventlog.Log) {
		for i := range n {
			publish(t, log, event.Draft{Topic: "a", Type: "test", Data: fmt.Append(nil, i+1)})
			<-time.After(pause)
		}
	}
}

func publish(t *testing.T, log eventlog.Log, d event.Draft) event.ID {
	t.Helper()
	id, err := log.Append(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestMemoryRemembersKeysForTheirWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := eventlog.NewMemory(eventlog.Retention{KeyWindow: time.Minute})
		draft := event.Draft{Topic: "a", Type: "test", Key: "k"}
		first := publish(t, log, draft)
		<-time.After(time.Minute - time.Nanosecond)
		if again := publish(t, log, draft); again != first {
			t.Errorf("within the window the id is %s, want %s", again, first)
		}
		<-time.After(time.Nanosecond)
		if again := publish(t, log, draft); again == first {
			t.Error("after the window the key is still remembered")
		}
	})
}

// The data race detector makes this a test of more than the sum.
func TestMemoryKeepsItsIndexUnderMixedLoad(t *testing.T) {
	log := eventlog.NewMemory(eventlog.Retention{MaxEvents: 200})
	defer log.Close()
	for i := range 2000 {
		d := event.Draft{Topic: fmt.Sprintf("topic.%d", i%7), Type: "test", Data: fmt.Append(nil, i), Latest: i%11 == 0}
		publish(t, log, d)
		if i%100 != 99 {
			continue
		}
		var merged, all []event.Event
		for topic := range 7 {
			merged = append(merged, read(t, log, fmt.Sprintf("topic.%d", topic))...)
		}
		slices.SortFunc(merged, func(a, b event.Event) int { return int(a.ID().Seq()) - int(b.ID().Seq()) })
		all = read(t, log)
		same := slices.EqualFunc(merged, all, func(a, b event.Event) bool { return a.ID() == b.ID() })
		if !same || len(all) > 200 {
			t.Fatalf("after %d events the topics hold %d, the log %d", i, len(merged), len(all))
		}
	}
}

func read(t *testing.T, log eventlog.Log, topics ...string) []event.Event {
	t.Helper()
	page, err := log.Read(t.Context(), 0, 1_000_000, topics...)
	if err != nil {
		t.Fatal(err)
	}
	return page.Events
}

func TestAppendThatIsInterruptedReportsWhy(t *testing.T) {
	log := eventlog.NewMemory(eventlog.Retention{})
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("the handler gave up")
	cancel(why)
	_, err := log.Append(ctx, event.Draft{Topic: "a", Type: "test"})
	if !errors.Is(err, eventlog.ErrUnavailable) || !errors.Is(err, why) {
		t.Errorf("the error is %v", err)
	}
}

func TestEpochsAreWellFormedAndDiffer(t *testing.T) {
	a, b := eventlog.NewEpoch(), eventlog.NewEpoch()
	if event.CheckEpoch(a) != nil || len(a) != 6 || a == b {
		t.Errorf("epochs %q and %q", a, b)
	}
}
