package eventlogtest

import (
	"errors"
	"fmt"
	"sync"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// replays tests that the pages of a replay have what those of Read have, where its topics
// are a small part of the log and where they are most of it.
func replays(t *testCase) {
	log := t.open(eventlog.Retention{})
	for i := range 120 {
		topic := []string{"a", "b", "c", "d", "e", "f", "g"}[i%7]
		if i >= 60 && i%7 > 0 {
			topic = []string{"b", "a"}[i%2]
		}
		d := draft(topic, fmt.Sprint(i+1))
		if i%20 == 19 {
			d.Topic, d.Latest = "clock", true
		}
		t.publish(log, d)
	}
	for _, topics := range [][]string{nil, {"a"}, {"b", "a", "b"}, {"c", "g"}, {"a", "b", "c", "clock", "none"}, {"none"}} {
		for _, from := range []uint64{0, 1, 33, 120, 121} {
			for _, limit := range []int{1, 7, 1000} {
				want := payloads(t.readAll(log, from, limit, topics...))
				t.eventually(func() error {
					if got := payloads(t.replayAll(log, from, limit, topics...)); got != want {
						return fmt.Errorf("topics %v from %d by %d: %s, want %s", topics, from, limit, got, want)
					}
					return nil
				})
			}
		}
	}
}

// replayAll returns what a replay returns up to the head, as this node knows it.
func (t *testCase) replayAll(log eventlog.Log, from uint64, limit int, topics ...string) []event.Event {
	t.Helper()
	var all []event.Event
	for r := eventlog.NewReplay(log, from, topics...); ; {
		page, err := r.Next(t.Context(), limit)
		if err != nil {
			t.Fatal(err)
		}
		t.checkPage(page, from, limit)
		all = append(all, page.Events...)
		if from = page.Next; page.Head {
			return all
		}
	}
}

// replayWhileAppending follows topics of a log that grows, on a node that may lag.
func replayWhileAppending(t *testCase) {
	const total = 120
	log := t.open(eventlog.Retention{})
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() {
		for i := range total {
			if _, err := log.Append(t.Context(), draft([]string{"a", "b", "c"}[i%3], fmt.Sprint(i+1))); err != nil {
				t.Error(err)
				return
			}
		}
	})
	var got []event.Event
	from := uint64(1)
	r := eventlog.NewReplay(t.peer(log), from, "a", "b", "c", "quiet")
	t.eventually(func() error {
		page, err := r.Next(t.Context(), 7)
		if err != nil {
			t.Fatal(err)
		}
		t.checkPage(page, from, 7)
		got, from = append(got, page.Events...), page.Next
		if len(got) < total {
			return fmt.Errorf("the replay has %d events of %d: %s", len(got), total, payloads(got))
		}
		return nil
	})
	if payloads(got) != count(1, total) {
		t.Errorf("the replay has %s", payloads(got))
	}
}

// replayGap tests a replay that retention overtakes, in the middle of what it has read
// ahead.
func replayGap(t *testCase) {
	log := t.open(eventlog.Retention{MaxEvents: 20})
	t.fill(log, 20, "a", "b", "c", "d", "e", "f", "g", "h", "i")
	r := eventlog.NewReplay(log, 1, "a", "b")
	t.eventually(func() error {
		if page, err := r.Next(t.Context(), 1); err != nil || len(page.Events) != 1 {
			return fmt.Errorf("the first page is %+v (%v)", page, err)
		}
		return nil
	})
	for i := range 15 {
		t.publish(log, draft("c", fmt.Sprint("more", i)))
	}
	t.eventually(func() error {
		if page, err := r.Next(t.Context(), 1); !errors.Is(err, eventlog.ErrGap) {
			return fmt.Errorf("after the gap: %+v (%v), want ErrGap", page, err)
		}
		return nil
	})
}
