package eventlogtest

import (
	"errors"
	"fmt"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// positions tests the facts by which a stream decides whether a client's id can
// be resumed from.
func positions(t *testCase) {
	log := t.open(eventlog.Retention{MaxEvents: 10})
	all := t.fill(log, 20, "a")
	clock := draft("clock", "tick")
	clock.Latest = true
	overwritten := t.publish(log, clock)
	clock.Key = "another"
	t.publish(log, clock)
	t.await(log, "tick", "clock")
	state := t.state(log)

	purged, retained, hole, ahead := all[5].Seq(), all[14], overwritten.Seq(), state.Last+5
	if purged >= state.First || hole < state.First || hole > state.Last {
		t.Errorf("%d should be purged and %d a hole in %+v", purged, hole, state)
	}
	forged := event.NewID(state.Epoch, retained.Seq(), "another key").In(retained.Generation())
	t.eventually(func() error {
		switch {
		case !t.at(log, purged).IsZero():
			return fmt.Errorf("the purged event %d is still there", purged)
		case t.at(log, retained.Seq()) != retained:
			return fmt.Errorf("the retained event %s is not there", retained)
		case t.at(log, forged.Seq()) == forged:
			return fmt.Errorf("%s, which has another tag, is taken for %s", forged, retained)
		case !t.at(log, hole).IsZero():
			return fmt.Errorf("the overwritten event %d is still there", hole)
		case !t.at(log, ahead).IsZero():
			return fmt.Errorf("there is an event %d ahead of the log", ahead)
		}
		return nil
	})
	if other := t.state(t.open(eventlog.Retention{})).Epoch; other == state.Epoch || state.Epoch != all[0].Epoch() {
		t.Errorf("the epochs of two logs are %s and %s, of an id %s", state.Epoch, other, all[0].Epoch())
	}
}

// at returns the id of the event stored as number seq, or the zero ID.
func (t *testCase) at(log eventlog.Log, seq uint64) (id event.ID) {
	t.Helper()
	page, err := log.Read(t.Context(), seq, 1)
	if errors.Is(err, eventlog.ErrGap) {
		return id
	}
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Events) > 0 && page.Events[0].ID().Seq() == seq {
		id = page.Events[0].ID()
	}
	return id
}

func restart(t *testCase) {
	log := t.open(eventlog.Retention{})
	epoch := t.state(log).Epoch
	all := t.fill(log, 10, "a", "b")
	clock := draft("clock", "tick")
	clock.Latest = true
	t.publish(log, clock)
	clock.Key, clock.Data = "second-tick", []byte("tock")
	all = append(all, t.publish(log, clock))

	log = t.Reopen(t.T, log)
	// Before anything is appended: a server that has just been deployed must
	// resume its pages.
	last := all[10].Seq()
	if state := t.state(log); state.Epoch != epoch || state.First != 1 || state.Last != last {
		t.Errorf("after the restart the state is %+v, the epoch was %s", state, epoch)
	}
	t.same("read after the restart", t.await(log, count(1, 10)+" tock"), all)
	tail := t.tail(log, 5, nil)
	tail.shows(all[4:])
	for i := range 10 {
		again := draft([]string{"a", "b"}[i%2], fmt.Sprint(i+1))
		if id := t.publish(log, again); id != all[i] {
			t.Errorf("a retry after the restart has the id %s, want %s", id, all[i])
		}
	}
	stale := draft("a", "conflicting")
	stale.ExpectLast = new(uint64)
	if _, err := log.Append(t.Context(), stale); !errors.Is(err, eventlog.ErrConflict) {
		t.Errorf("after the restart an expectation gives %v", err)
	}
	id := t.publish(log, draft("a", "new"))
	if id.Seq() != last+1 || id.Epoch() != epoch {
		t.Errorf("the first id after the restart is %s", id)
	}
	tail.shows(append(all[4:], id))
}

func emptiedRestart(t *testCase) {
	log := t.open(eventlog.Retention{})
	var ids []event.ID
	for i := range 3 {
		d := draft("a", fmt.Sprint(i))
		d.TTL = time.Second
		ids = append(ids, t.publish(log, d))
	}
	t.await(log, "")
	before := t.state(log)
	log = t.Reopen(t.T, log)
	if state := t.state(log); state.First != 1 || state.Last != before.Last {
		t.Errorf("after the restart the state is %+v, it was %+v", state, before)
	}
	id := t.publish(log, draft("a", "new"))
	if id.Seq() != before.Last+1 {
		t.Errorf("the first id after the restart is %s", id)
	}
	t.proved(log, append(ids, id, before.Position(before.Last))...)
}

func replaced(t *testCase) {
	log := t.open(eventlog.Retention{})
	old := t.state(log).Epoch
	tail := t.tail(log, 1, nil)
	tail.shows(t.fill(log, 10, "a"))
	t.Replace(t.T, log)
	tail.ends(eventlog.ErrGap)
	t.eventually(func() error {
		state, err := log.State(t.Context())
		if err != nil || state.Epoch == old {
			return fmt.Errorf("the state is still %+v (%w)", state, err)
		}
		return nil
	})
	id := t.publish(log, draft("a", "new"))
	if state := t.state(log); id.Epoch() != state.Epoch || id.Seq() != 1 {
		t.Errorf("the first id of the new log is %s, its state %+v", id, state)
	}
	tail = t.tail(log, 1, nil)
	tail.shows([]event.ID{id})
}

func faulted(t *testCase) {
	const total = 300
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
		all = append(all, t.persist([]eventlog.Log{log, peer}[i%2], draft("a", fmt.Sprint(i+1))))
	}
	for _, tail := range tails {
		tail.shows(all)
	}
	for _, l := range []eventlog.Log{log, peer} {
		t.same("read after the fault", t.await(l, count(1, total)), all)
	}
}

// persist publishes as a command's client does: after an outage it retries
// under the same key.
func (t *testCase) persist(log eventlog.Log, d event.Draft) (id event.ID) {
	t.Helper()
	t.eventually(func() (err error) {
		id, err = log.Append(t.Context(), d)
		if err != nil && !errors.Is(err, eventlog.ErrUnavailable) {
			t.Fatal(err)
		}
		return err
	})
	return id
}
