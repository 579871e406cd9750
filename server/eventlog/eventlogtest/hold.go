package eventlogtest

import (
	"fmt"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// A holder is the owner of a value that holds events.
type holder struct {
	t    *testCase
	name string
	prev event.ID
}

// hold stores a value that holds all events from here on.
func (t *testCase) hold(log eventlog.Log, name string) *holder {
	t.Helper()
	h := &holder{t: t, name: name}
	state := t.state(log)
	h.move(log, state.Position(state.Last))
	return h
}

// move replaces the value by one that includes the events up to a position.
func (h *holder) move(log eventlog.Log, to event.ID) {
	h.t.Helper()
	h.t.put(log, eventlog.Value{Name: h.name, Position: to, Data: []byte(to.String()), Holds: true}, h.prev)
	h.prev = to
}

// grow publishes n events to the topics in turn, after those that there are. The
// payload of each is its number, if all of them have one.
func (t *testCase) grow(log eventlog.Log, n int, topics ...string) []event.ID {
	t.Helper()
	last := int(t.state(log).Last)
	ids := make([]event.ID, n)
	for i := range ids {
		ids[i] = t.publish(log, draft(topics[i%len(topics)], fmt.Sprint(last+i+1)))
	}
	return ids
}

// begins waits until a log of ten events and 2 percent, of which it holds more,
// begins with a number, and fails if it begins later.
func (t *testCase) begins(log eventlog.Log, first uint64) {
	t.Helper()
	t.eventually(func() error {
		state := t.state(log)
		if state.First > first {
			t.Fatalf("the log begins at %d, and what comes after %d is held", state.First, first-1)
		}
		if state.First < first {
			return fmt.Errorf("the log begins at %d, want %d", state.First, first)
		}
		return nil
	})
}

func heldByOne(t *testCase) {
	log := t.open(eventlog.Retention{MaxEvents: 10})
	peer := t.peer(log)
	t.grow(log, 5, "a")
	h := t.hold(log, "v")
	ids := t.grow(peer, 20, "a", "b")
	t.begins(log, 6)
	t.await(log, count(6, 25))
	for _, l := range []eventlog.Log{log, peer} {
		t.complete(l, 6)
	}
	h.move(peer, ids[2]) // still 17 events after it
	t.begins(log, ids[3].Seq())
	t.shows("what is held", log, ids[3].Seq(), 7, ids[3:])
	t.refused(log, ids[2].Seq())
	h.move(log, ids[19])
	t.begins(log, ids[10].Seq()) // ten are kept, held or not
	t.begins(peer, ids[10].Seq())
	t.shows("what is retained", log, 0, 7, ids[10:])
}

func heldByMany(t *testCase) {
	log := t.open(eventlog.Retention{MaxEvents: 10})
	peer := t.peer(log)
	early := t.hold(log, "early")
	ids := t.grow(log, 6, "a")
	late := t.hold(peer, "late")
	ids = append(ids, t.grow(log, 14, "b")...)
	early.move(peer, ids[19])
	t.begins(log, 7)
	t.shows("what the later one holds", log, 7, 10, ids[6:])
	late.move(log, ids[8])
	t.begins(peer, 10)
	t.shows("what it holds then", log, 10, 10, ids[9:])
	// One that goes is as good as one that moves on.
	if err := log.Delete(t.Context(), "late", ids[8]); err != nil {
		t.Fatal(err)
	}
	t.begins(log, 11)
	t.begins(peer, 11)
}

func heldNoMore(t *testCase) {
	log := t.open(eventlog.Retention{MaxEvents: 10})
	h := t.hold(log, "v")
	ids := t.grow(log, 20, "a")
	t.begins(log, 1)
	if err := log.Put(t.Context(), eventlog.Value{Name: "v", Position: h.prev, Data: random(100 << 10)}, h.prev); err != nil {
		t.Fatal(err)
	}
	t.begins(log, 11)
	ids = append(ids, t.grow(t.peer(log), 10, "b")...)
	t.begins(log, 21)
	t.shows("what is retained", log, 0, 10, ids[20:])
}

func heldTooLate(t *testCase) {
	log := t.open(eventlog.Retention{MaxEvents: 10})
	ids := t.grow(log, 20, "a")
	t.begins(log, 11)
	for _, i := range []int{0, 8} {
		v := eventlog.Value{Name: "v", Position: ids[i], Holds: true}
		t.refusesPut(log, v, event.ID{}, eventlog.ErrGap)
	}
	// The last one that has left is included: nothing is lost.
	v := eventlog.Value{Name: "w", Position: ids[9], Holds: true}
	t.put(log, v, event.ID{})
	t.grow(log, 5, "b")
	t.begins(log, 11)
	// What holds nothing may be as old as it likes.
	t.put(log, eventlog.Value{Name: "old", Position: ids[0]}, event.ID{})
	t.refusesPut(log, eventlog.Value{Name: "old", Position: ids[0], Holds: true}, ids[0], eventlog.ErrGap)
}
