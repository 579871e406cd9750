package eventlogtest

import (
	"fmt"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// proved fails unless each of the ids can be resumed from: it is of the log's
// history, and retention has removed nothing after it.
func (t *testCase) proved(log eventlog.Log, ids ...event.ID) {
	t.Helper()
	state := t.state(log)
	for _, id := range ids {
		if !state.Proves(id) || id.Seq()+1 < state.First {
			t.Errorf("%s is not proved by %+v", id, state)
		}
	}
}

// disproved fails if one of the ids is taken for one of the log's history.
func (t *testCase) disproved(log eventlog.Log, ids ...event.ID) {
	t.Helper()
	state := t.state(log)
	for _, id := range ids {
		if state.Proves(id) {
			t.Errorf("%s is proved by %+v", id, state)
		}
	}
}

// tick publishes events of a topic that keeps its latest only, and returns the
// ids of all of them with the positions after each.
func (t *testCase) tick(log eventlog.Log, from, to int) (ids []event.ID) {
	t.Helper()
	for i := from; i <= to; i++ {
		d := draft("clock", fmt.Sprint("tick", i))
		d.Latest = true
		id := t.publish(log, d)
		ids = append(ids, id, t.state(log).Position(id.Seq()))
	}
	return ids
}

// young tests a log of which every event so far has been replaced by a newer
// one: a reader that has followed it from its beginning has lost nothing.
func young(t *testCase) {
	log := t.open(eventlog.Retention{})
	ids := []event.ID{t.state(log).Position(0)}
	for life := range 3 {
		if t.Reopen != nil && life > 0 {
			log = t.Reopen(t.T, log)
		}
		t.proved(log, ids...)
		ids = append(ids, t.tick(log, 5*life, 5*life+4)...)
		t.proved(log, ids...)
	}
	d := draft("a", "short")
	d.TTL = time.Second
	ids = append(ids, t.publish(log, d))
	t.tick(log, 15, 16)
	t.await(log, "tick16")
	t.proved(log, ids...)
}

// worn tests a log of which retention has removed the other events, so that
// only replaced events were at its beginning.
func worn(t *testCase) {
	log := t.open(eventlog.Retention{MaxEvents: 10})
	all := t.fill(log, 20, "a")
	ids := append(t.tick(log, 1, 20), all[19])
	t.proved(log, ids...)
	if state := t.state(log); all[5].Seq()+1 >= state.First {
		t.Errorf("%s is taken for retained by %+v", all[5], state)
	}
}

// restored tests a log that is restored to an older copy of its data: its ids
// up to the copy are proved, and no later ones.
func restored(t *testCase) {
	log := t.open(eventlog.Retention{})
	shared := append(t.fill(log, 3, "a"), t.tick(log, 1, 3)...)
	log = t.Reopen(t.T, log)
	shared = append(shared, t.tick(log, 4, 5)...)
	log, restore := t.Backup(t.T, log)
	gone := t.tick(log, 6, 8)
	log = t.Reopen(t.T, log)
	gone = append(gone, t.tick(log, 9, 11)...)
	gone = append(gone, t.publish(log, draft("a", "gone")))

	log = restore()
	t.proved(log, shared...)
	t.disproved(log, gone...)
	again := t.tick(log, 12, 30)
	for range 3 {
		t.proved(log, append(shared, again...)...)
		t.disproved(log, gone...)
		log = t.Reopen(t.T, log)
	}
	// The events that are left have the ids that they always had.
	t.same("read", t.await(log, "1 2 3 tick30"), append(shared[:3:3], again[len(again)-2]))
}

// growing tests a log that grows faster than a tail reads it. The tail reports
// that it has caught up when it has delivered what was there when it began.
func growing(t *testCase) {
	const stored, burst = 300, 300 // more than a page of any log
	log := t.open(eventlog.Retention{})
	t.fill(log, stored, "a")
	var r *recorder
	next, started := stored, make(chan struct{})
	r = t.tail(log, 1, func() {
		<-started
		r.mu.Lock()
		chasing := len(r.caughtUp) == 0 && len(r.events) < 20*burst
		r.mu.Unlock()
		if !chasing {
			return
		}
		for range burst {
			next++
			if _, err := log.Append(t.Context(), draft("a", fmt.Sprint(next))); err != nil {
				t.Error(err)
			}
		}
	})
	close(started)
	r.isCaughtUp(1)
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := r.caughtUp[0]; n < stored || n >= 20*burst {
		t.Errorf("%d events were given before the tail had caught up, and %d were stored when it began", n, stored)
	}
}
