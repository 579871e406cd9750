package eventlogtest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// readGap tests a log of which retention has removed the oldest events: a read
// from one of their numbers is refused, whatever its topics, and every other
// read succeeds.
func readGap(t *testCase) {
	log := t.open(eventlog.Retention{MaxEvents: 10})
	all := t.fill(log, 25, "a", "b")
	t.await(log, count(16, 25))
	for _, topics := range [][]string{nil, {"a"}, {"a", "b"}, {"none"}, {"none", "nothing"}, {"a", "none"}} {
		for _, from := range []uint64{1, 2, 15} {
			t.refused(log, from, topics...)
		}
		for _, from := range []uint64{16, 17, 25, 26, 30} {
			t.complete(log, from, topics...)
		}
	}
	t.shows("from 16", log, 16, 3, all[15:])
	t.shows("from the oldest", log, 0, 3, all[15:])
	t.shows("from the oldest of two topics", log, 0, 3, all[15:], "a", "b")
}

// refused waits until a read returns ErrGap. A node may lag, and still hold
// what has left the others.
func (t *testCase) refused(log eventlog.Log, from uint64, topics ...string) {
	t.Helper()
	t.eventually(func() error {
		page, err := log.Read(t.Context(), from, 3, topics...)
		if errors.Is(err, eventlog.ErrGap) && len(page.Events) == 0 {
			return nil
		}
		return fmt.Errorf("topics %v from %d: %v (%v), want ErrGap", topics, from, ids(page.Events), err)
	})
}

// complete fails unless a read succeeds.
func (t *testCase) complete(log eventlog.Log, from uint64, topics ...string) {
	t.Helper()
	if _, err := log.Read(t.Context(), from, 3, topics...); err != nil {
		t.Errorf("topics %v from %d: %v", topics, from, err)
	}
}

// emptied tests a log that retention has emptied: no event is left to show that
// there were any.
func emptied(t *testCase) {
	log := t.open(eventlog.Retention{MaxAge: time.Second})
	t.fill(log, 3, "a")
	t.eventually(func() error {
		if state := t.state(log); state.First != 4 || state.Last != 3 {
			return fmt.Errorf("the state is %+v, and retention has removed all three", state)
		}
		return nil
	})
	for _, topics := range [][]string{nil, {"a"}, {"a", "none"}} {
		t.refused(log, 1, topics...)
		t.refused(log, 3, topics...)
		t.complete(log, 4, topics...)
		page, err := log.Read(t.Context(), 0, 3, topics...)
		if err != nil || len(page.Events) > 0 || !page.Head || page.Next != 4 {
			t.Errorf("topics %v from the oldest: %+v (%v), want nothing up to 4", topics, page, err)
		}
	}
	t.tailRefused(log, 3)
	for _, from := range []uint64{0, 4} {
		if got, err := t.tailOnce(log, from); err != nil || len(got) > 0 {
			t.Errorf("a tail from %d gives %v and ends with %v", from, ids(got), err)
		}
	}
}

// expired tests reads from numbers of events that have expired or were
// replaced: nothing is lost with them.
func expired(t *testCase) {
	log := t.open(eventlog.Retention{})
	all := t.leaving(log)
	last := all[len(all)-1].Seq()
	for from := uint64(1); from <= last+1; from++ {
		for _, topics := range [][]string{nil, {"a"}, {"a", "clock"}, {"none"}} {
			t.complete(log, from, topics...)
		}
	}
	// Each takes a cluster 3 s: the newest number might be one that a replica lacks.
	for _, from := range []uint64{1, all[2].Seq()} {
		if _, err := t.tailOnce(log, from); err != nil {
			t.Errorf("a tail from %d ends with %v", from, err)
		}
	}
}

// leaving publishes events; when it returns, those with a lifetime have
// expired, and all but the newest tick were replaced.
func (t *testCase) leaving(log eventlog.Log) (all []event.ID) {
	t.Helper()
	short := func(data string) {
		d := draft("a", data)
		d.TTL = time.Second
		all = append(all, t.publish(log, d))
	}
	short("first")
	all = append(all, t.publish(log, draft("a", "stays")))
	short("second")
	short("third")
	all = append(all, t.tick(log, 1, 3)...)
	short("last")
	t.await(log, "stays tick3")
	return all
}

// outlived tests positions of events that have expired or were replaced: each
// is resumed with exactly what is left after it.
func outlived(t *testCase) {
	log := t.open(eventlog.Retention{})
	positions := t.leaving(log)
	for again := range 2 {
		if again > 0 && t.Reopen != nil {
			log = t.Reopen(t.T, log)
		}
		t.proved(log, positions...)
		left := t.await(log, "stays tick3")
		for _, id := range positions {
			var after []event.ID
			for _, e := range left {
				if e.ID().Seq() > id.Seq() {
					after = append(after, e.ID())
				}
			}
			t.shows("after "+id.String(), log, id.Seq()+1, 10, after)
		}
	}
}

func tailGap(t *testCase) {
	log := t.open(eventlog.Retention{MaxEvents: 10})
	all := t.fill(log, 25, "a", "b")
	t.await(log, count(16, 25))
	for _, from := range []uint64{1, 2, 15} {
		t.tailRefused(log, from)
	}
	for _, from := range []uint64{0, 16} {
		t.eventually(func() error {
			got, err := t.tailOnce(log, from)
			if err == nil && len(got) < 10 { // from a node that lags
				err = fmt.Errorf("a tail from %d gave %d events", from, len(got))
			}
			if err == nil {
				t.same(fmt.Sprintf("a tail from %d", from), got[len(got)-10:], all[15:])
			}
			return err
		})
	}
}

// tailRefused waits until a tail ends with ErrGap.
func (t *testCase) tailRefused(log eventlog.Log, from uint64) {
	t.Helper()
	t.eventually(func() error {
		got, err := t.tailOnce(log, from)
		if errors.Is(err, eventlog.ErrGap) && len(got) == 0 {
			return nil
		}
		return fmt.Errorf("a tail from %d gives %v and ends with %v, want ErrGap", from, ids(got), err)
	})
}

// tailOnce returns what a tail gives until it has caught up, or why it ended
// before.
func (t *testCase) tailOnce(log eventlog.Log, from uint64) (got []event.Event, err error) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	caughtUp := false
	err = log.Tail(ctx, from, func(batch []event.Event, err error) {
		if got = append(got, batch...); len(batch) == 0 && err == nil {
			caughtUp = true
			cancel()
		}
	})
	if caughtUp {
		err = nil
	}
	return got, err
}

// overtaken tests a tail that is so slow that retention removes events that it
// has yet to deliver: it ends, and has delivered nothing from after the gap.
func overtaken(t *testCase) {
	const kept = 300 // more than a page of any log
	log := t.open(eventlog.Retention{MaxEvents: kept})
	t.fill(log, kept, "a")
	t.await(log, count(1, kept))
	released, busy := make(chan struct{}), make(chan struct{})
	release := sync.OnceFunc(func() { close(released) })
	defer release()
	begin := sync.OnceFunc(func() { close(busy) })
	slow := t.tail(log, 1, func() { begin(); <-released })
	<-busy
	for i := range kept {
		t.publish(log, draft("b", fmt.Sprint(kept+i+1)))
	}
	t.await(log, count(kept+1, 2*kept))
	release()
	t.eventually(func() error {
		slow.mu.Lock()
		defer slow.mu.Unlock()
		n := len(slow.events)
		if slow.broken != nil || payloads(slow.events) != count(1, n) {
			t.Fatalf("the %d events that the tail gave are not the first: %v", n, slow.broken)
		}
		if slow.ended || n == 2*kept && t.Peer != nil { // by the grace of a node that lags
			return nil
		}
		return fmt.Errorf("the tail goes on after %d events", n)
	})
	if slow.ended {
		slow.ends(eventlog.ErrGap)
	}
}
