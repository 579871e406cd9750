package eventlogtest

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

func heldToTheEnd(t *testCase) {
	retention := eventlog.Retention{MaxEvents: 10}
	hard, _ := retention.Hard()
	retained, bound := int(retention.MaxEvents), int(hard)
	log := t.open(retention)
	peer := t.peer(log)
	h := t.hold(log, "v")
	ids := t.grow(log, bound, "a", "b")
	for _, l := range []eventlog.Log{log, peer} {
		if _, err := l.Append(t.Context(), draft("a", "too-many")); !errors.Is(err, eventlog.ErrHeld) || !errors.Is(err, eventlog.ErrFull) {
			t.Fatalf("an append beyond the hard limit: %v, want %v", err, eventlog.ErrHeld)
		}
		t.unhealthy(l, eventlog.ErrHeld, `"v"`)
	}
	t.begins(log, 1)
	t.shows("all is there", log, 1, 100, ids)
	h.move(peer, ids[4])
	ids = append(ids, t.grow(log, 5, "b")...)
	if _, err := log.Append(t.Context(), draft("a", "too-many-again")); !errors.Is(err, eventlog.ErrHeld) {
		t.Fatalf("an append beyond the hard limit: %v, want %v", err, eventlog.ErrHeld)
	}
	t.shows("all that is held is there", log, 6, 100, ids[5:])
	h.move(log, ids[bound])
	t.begins(log, uint64(bound+5-retained+1))
	ids = append(ids, t.grow(peer, 1, "c")...)
	for _, l := range []eventlog.Log{log, peer} {
		t.eventually(func() error { return health(l) })
	}
	t.shows("what is retained", log, uint64(bound), 10, ids[bound-1:])
}

// health returns a log's health, nil if it reports none.
func health(log eventlog.Log) error {
	if one, ok := log.(interface{ Health() error }); ok {
		return one.Health()
	}
	return nil
}

// unhealthy fails unless a log's health is the error and names what is its cause, or
// it reports none.
func (t *testCase) unhealthy(log eventlog.Log, want error, cause string) {
	t.Helper()
	if _, ok := log.(interface{ Health() error }); !ok {
		return
	}
	if got := health(log); !errors.Is(got, want) || !strings.Contains(got.Error(), cause) {
		t.Errorf("the health is %v, want %v and %s", got, want, cause)
	}
}

func heldByBytes(t *testCase) {
	const size = 1000
	retention := eventlog.Retention{MaxBytes: 20 * size, MaxEvent: 2 * size}
	_, hard := retention.Hard()
	log := t.open(retention)
	h := t.hold(log, "v")
	var ids []event.ID
	var full error
	for i := 0; full == nil && i < 1000; i++ {
		d := draft("a", string(random(size)))
		d.Key = fmt.Sprint(i)
		var id event.ID
		if id, full = log.Append(t.Context(), d); full == nil {
			ids = append(ids, id)
		}
	}
	if !errors.Is(full, eventlog.ErrHeld) || len(ids) < 20 || len(ids) > int(hard)/size {
		t.Fatalf("after %d events an append gives %v", len(ids), full)
	}
	t.shows("all is there", log, 1, 100, ids)
	h.move(log, ids[len(ids)-1])
	t.eventually(func() error {
		left := t.readAll(log, 0, 100)
		if len(left) > 20 || len(left) < 10 {
			return fmt.Errorf("%d events are left of %d that fit", len(left), 20)
		}
		return nil
	})
	t.publish(log, draft("b", "again"))
}

// heldByFewBytes has a log that retains less than its largest event.
func heldByFewBytes(t *testCase) {
	retention := eventlog.Retention{MaxBytes: 1}.WithDefaults()
	log := t.open(retention)
	t.hold(log, "v")
	for i, size := range []int{1, retention.MaxEvent - 100, 10} {
		d := draft("a", string(random(size)))
		d.Key = fmt.Sprint(i)
		if _, err := log.Append(t.Context(), d); err != nil {
			t.Errorf("an event of %d bytes: %v", size, err)
		}
	}
}

func heldByAge(t *testCase) {
	log := t.open(eventlog.Retention{MaxAge: time.Second})
	h := t.hold(log, "v")
	ids := t.grow(log, 3, "a")
	old := t.at(log, 1)
	d := draft("clock", "later")
	t.eventually(func() error { // by the log's own clock, not by ours
		d.Key = fmt.Sprint(time.Now().UnixNano())
		id := t.publish(log, d)
		ids = append(ids, id)
		page, err := log.Read(t.Context(), id.Seq(), 1)
		if err == nil && len(page.Events) == 1 && page.Events[0].Time().Sub(t.first(log)) > 2*time.Second {
			return nil
		}
		return fmt.Errorf("nothing is older than a second (%v)", err)
	})
	if t.at(log, 1) != old || t.state(log).First != 1 {
		t.Fatalf("the oldest event has left: %+v", t.state(log))
	}
	h.move(log, ids[1])
	t.eventually(func() error {
		if first := t.state(log).First; first != 3 {
			return fmt.Errorf("the log begins at %d, want 3", first)
		}
		return nil
	})
	if t.at(log, 3) != ids[2] {
		t.Error("the oldest event that is held has left")
	}
	h.move(log, ids[len(ids)-1])
	t.begins(log, ids[len(ids)-1].Seq()+1) // all are old enough in the end
}

// first returns the time of the first event.
func (t *testCase) first(log eventlog.Log) time.Time {
	t.Helper()
	page, err := log.Read(t.Context(), 1, 1)
	if err != nil || len(page.Events) == 0 {
		t.Fatalf("the first event is not there (%v)", err)
	}
	return page.Events[0].Time()
}
