package eventlogtest

import (
	"errors"
	"fmt"
	"sync"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// batchReaders reads a log to which batches of five are appended: whatever the head is
// when it is read, it is the end of one. A page that does not reach it, since an answer
// broke off, may end anywhere.
func batchReaders(t *testCase) {
	const size, total = 5, 30
	log := t.open(eventlog.Retention{})
	peer := t.peer(log)
	tails := []*recorder{t.tail(log, 1, nil), t.tail(peer, 1, nil)}
	done := make(chan struct{})
	var readers sync.WaitGroup
	for i, topics := range [][]string{nil, {"a"}, {"a", "b"}} {
		l := []eventlog.Log{log, peer}[i%2]
		readers.Go(func() {
			for end := false; !end; {
				select {
				case <-done:
					end = true
				default:
				}
				page, err := l.Read(t.Context(), 1, 1000, topics...)
				if err != nil || page.Head && len(page.Events)%size != 0 {
					t.Errorf("a read of %v shows %d events (%v)", topics, len(page.Events), err)
					return
				}
			}
		})
	}
	var all []event.ID
	for i := range total {
		all = append(all, t.publishAll([]eventlog.Log{log, peer}[i%2], batch("a", fmt.Sprint(i, "."), size))...)
	}
	close(done)
	readers.Wait()
	for _, tail := range tails {
		tail.shows(all)
	}
}

func batchByCount(t *testCase) {
	log := t.open(eventlog.Retention{MaxEvents: 10})
	var all []event.ID
	for i := range 4 {
		all = append(all, t.publishAll(log, batch("a", fmt.Sprint(i, "."), 4))...)
	}
	t.shows("what is left", log, 7, 10, all[6:])
	if state := t.state(log); state.First != 7 || state.Last != 16 {
		t.Errorf("the state is %+v", state)
	}
}

func batchHeld(t *testCase) {
	retention := eventlog.Retention{MaxEvents: 10}
	hard, _ := retention.Hard()
	log := t.open(retention)
	peer := t.peer(log)
	h := t.hold(log, "v")
	ids := t.grow(log, int(hard)-4, "a")
	for _, l := range []eventlog.Log{log, peer} {
		if _, err := l.AppendAll(t.Context(), batch("a", "x", 5)); !errors.Is(err, eventlog.ErrHeld) {
			t.Fatalf("a batch beyond the hard limit: %v, want %v", err, eventlog.ErrHeld)
		}
	}
	ids = append(ids, t.publishAll(peer, batch("a", "y", 4))...)
	t.shows("all is there", log, 1, 100, ids)
	h.move(peer, ids[4])
	ids = append(ids, t.publishAll(log, batch("a", "x", 5))...)
	t.shows("all that is held is there", log, 6, 100, ids[5:])
}

func batchFaulted(t *testCase) {
	const size, total = 4, 90
	log := t.open(eventlog.Retention{})
	peer := t.peer(log)
	tails := []*recorder{t.tail(log, 1, nil), t.tail(peer, 1, nil)}
	var all []event.ID
	var repair func()
	for i := range total {
		switch i {
		case total / 3:
			repair = t.Fault(t.T, log)
		case 2 * total / 3:
			repair()
		}
		all = append(all, t.persistAll([]eventlog.Log{log, peer}[i%2], batch("a", fmt.Sprint(i, "."), size))...)
	}
	for k, id := range all {
		if k > 0 && id.Seq() != all[k-1].Seq()+1 {
			t.Errorf("%s follows %s", id, all[k-1])
		}
	}
	for _, tail := range tails {
		tail.shows(all)
	}
	for _, l := range []eventlog.Log{log, peer} {
		t.shows("read after the fault", l, 1, 100, all)
	}
}

// persistAll publishes as a command's client does: after an outage it retries under the
// same key.
func (t *testCase) persistAll(log eventlog.Log, drafts []event.Draft) (ids []event.ID) {
	t.Helper()
	t.eventually(func() (err error) {
		ids, err = log.AppendAll(t.Context(), drafts)
		if err != nil && !errors.Is(err, eventlog.ErrUnavailable) {
			t.Fatal(err)
		}
		return err
	})
	return ids
}
