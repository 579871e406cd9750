package eventlogtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// heldRace are values that begin to hold events just when these are about to leave:
// one that is stored keeps them, and another is refused.
func heldRace(t *testCase) {
	log := t.open(eventlog.Retention{MaxEvents: 10})
	peer := t.peer(log)
	mover := t.hold(log, "mover")
	t.grow(log, 15, "a")
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	wg.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			id, err := log.Append(ctx, draft("b", fmt.Sprint(i)))
			if err == nil {
				v := eventlog.Value{Name: mover.name, Position: id, Holds: true}
				if err = log.Put(ctx, v, mover.prev); err == nil {
					mover.prev = id
				}
			}
			if err != nil && ctx.Err() == nil && !errors.Is(err, eventlog.ErrHeld) {
				t.Error(err)
				return
			}
		}
	})
	for i, held := 0, 0; held < 10; i++ {
		state := t.state(peer)
		v := eventlog.Value{Name: fmt.Sprint("late.", i), Position: state.Position(state.First - 1), Holds: true}
		err := peer.Put(t.Context(), v, event.ID{})
		if errors.Is(err, eventlog.ErrGap) && i < 1000 {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		held++
		for range 5 {
			page, err := peer.Read(t.Context(), state.First, 100)
			if err != nil || len(page.Events) == 0 || page.Events[0].ID().Seq() != state.First {
				t.Fatalf("what a value holds from %d on is %v (%v)", state.First, ids(page.Events), err)
			}
		}
		if err := peer.Delete(t.Context(), v.Name, v.Position); err != nil {
			t.Fatal(err)
		}
	}
}

// heldPosition is resumed from although all that came right after it has expired
// or was replaced: nothing of it was lost.
func heldPosition(t *testCase) {
	log := t.open(eventlog.Retention{MaxEvents: 10})
	h := t.hold(log, "v")
	t.grow(log, 12, "a")
	settled := t.publish(log, draft("a", "settled"))
	ticks := t.tick(log, 1, 20)
	rest := append([]event.ID{ticks[38]}, t.grow(log, 12, "b")...)
	h.move(log, settled)
	t.begins(log, settled.Seq()+1)
	for _, l := range []eventlog.Log{log, t.peer(log)} {
		t.shows("read from the position", l, settled.Seq()+1, 5, rest)
		t.complete(l, settled.Seq()+5)
		t.refused(l, settled.Seq())
	}
	got, err := t.tailOnce(log, settled.Seq()+1)
	if err != nil {
		t.Fatal(err)
	}
	t.same("a tail from the position", got, rest)
	t.tailRefused(log, settled.Seq())
	t.proved(log, settled, ticks[4])
}

func heldAfterRestart(t *testCase) {
	log := t.open(eventlog.Retention{MaxEvents: 10})
	h := t.hold(log, "v")
	ids := t.grow(log, 12, "a")
	for range 2 {
		log = t.Reopen(t.T, log)
		ids = append(ids, t.grow(log, 12, "b", "c")...)
		t.begins(log, 1)
		t.shows("what is held", log, 1, 10, ids)
	}
	h.move(log, ids[20])
	log = t.Reopen(t.T, log)
	if first := t.state(log).First; first > ids[21].Seq() {
		t.Fatalf("the log begins at %d, and what comes after %d is held", first, ids[20].Seq())
	}
	t.shows("what is held", log, ids[21].Seq(), 10, ids[21:])
}

func heldThroughFault(t *testCase) {
	const total = 300
	log := t.open(eventlog.Retention{MaxEvents: 20})
	peer := t.peer(log)
	h := t.hold(log, "v")
	var all, covered []event.ID
	var repair func()
	for i := range total {
		switch i {
		case total / 3:
			repair = t.Fault(t.T, log)
		case 2 * total / 3:
			repair()
		}
		l := []eventlog.Log{log, peer}[i%2]
		all = append(all, t.persist(l, draft("a", fmt.Sprint(i+1))))
		if i%10 == 9 {
			covered = append(covered, t.cover(l, h, len(covered))...)
		}
	}
	for last := all[total-1].Seq(); h.prev.Seq() < last; { // a replica may lag behind the node that answered the append
		covered = append(covered, t.cover(log, h, len(covered))...)
	}
	if !slices.Equal(covered, all) {
		t.Errorf("the checkpoints include\n%v, want\n%v", covered, all)
	}
	t.eventually(func() error {
		page, err := log.Read(t.Context(), 0, total) // at once: more may leave before a second page
		if err == nil && len(page.Events) != 20 {
			err = fmt.Errorf("%d events are left, want 20", len(page.Events))
		}
		return err
	})
}

// cover is what the owner of a state does: it reads on from its checkpoint, and
// moves that to the newest event that it has read.
func (t *testCase) cover(log eventlog.Log, h *holder, n int) (read []event.ID) {
	t.Helper()
	t.eventually(func() error {
		page, err := log.Read(t.Context(), h.prev.Seq()+1, 100)
		if errors.Is(err, eventlog.ErrGap) {
			t.Fatalf("events that are held have left: %v", err)
		}
		if err == nil && len(page.Events) == 0 {
			err = errors.New("there is nothing to read")
		}
		read = ids(page.Events)
		return err
	})
	to := read[len(read)-1]
	t.persistValue(log, eventlog.Value{Name: h.name, Position: to, Data: fmt.Append(nil, n+len(read)), Holds: true}, h.prev)
	h.prev = to
	return read
}
