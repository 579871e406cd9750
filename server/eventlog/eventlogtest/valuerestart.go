package eventlogtest

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

func valuesRestart(t *testCase) {
	log := t.open(eventlog.Retention{})
	ids := t.fill(log, 3, "a")
	small := eventlog.Value{Name: "small", Position: ids[1], Data: []byte("small"), Holds: true}
	large := eventlog.Value{Name: "large", Position: ids[2], Data: random(1 << 20)}
	t.put(log, small, event.ID{})
	t.put(log, large, event.ID{})
	t.put(log, eventlog.Value{Name: "gone", Position: ids[2]}, event.ID{})
	if err := log.Delete(t.Context(), "gone", ids[2]); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		log = t.Reopen(t.T, log)
		t.holds(log, small)
		t.holds(log, large)
		t.lacks(log, "gone")
		t.lists(log, "", "large", "small")
		if state := t.state(log); state.Includes(small) != ids[1].Seq() || state.Includes(large) != ids[2].Seq() {
			t.Errorf("after the restart the state %+v does not prove the positions of values", state)
		}
	}
	t.refusesPut(log, small, ids[0], eventlog.ErrConflict)
	small.Data = []byte("changed")
	t.put(log, small, ids[1])
	t.holds(log, small)
}

func valuesRestored(t *testCase) {
	log := t.open(eventlog.Retention{})
	ids := t.fill(log, 3, "a")
	old := eventlog.Value{Name: "v", Position: ids[2], Data: random(300 << 10), Holds: true}
	t.put(log, old, event.ID{})
	log, restore := t.Backup(t.T, log)
	later := t.fill(log, 3, "b")
	now := eventlog.Value{Name: "v", Position: later[2], Data: []byte("later")}
	t.put(log, now, ids[2])
	log = restore()
	t.holds(log, old)
	t.lists(log, "", "v")
	if state := t.state(log); state.Includes(old) != ids[2].Seq() || state.Proves(now.Position) {
		t.Errorf("the restored log is %+v", state)
	}
	t.refusesPut(log, now, ids[2], eventlog.ErrPosition)
}

func valuesFaulted(t *testCase) {
	const total = 60
	log := t.open(eventlog.Retention{})
	peer := t.peer(log)
	ids := t.fill(log, total, "a")
	at := func(i int) eventlog.Value {
		return eventlog.Value{Name: "v", Position: ids[i], Data: random(1 + i%5*40_000), Holds: true}
	}
	var prev event.ID
	var repair func()
	for i := range total {
		switch i {
		case total / 3:
			repair = t.Fault(t.T, log)
		case 2 * total / 3:
			repair()
		}
		t.persistValue([]eventlog.Log{log, peer}[i%2], at(i), prev)
		prev = ids[i]
	}
	for _, l := range []eventlog.Log{log, peer} {
		t.eventually(func() error {
			got, err := l.Get(t.Context(), "v")
			if err == nil && !bytes.Equal(got.Data, at(total-1).Data) {
				err = fmt.Errorf("the value is %s", sketch(got))
			}
			if errors.Is(err, eventlog.ErrNoValue) {
				t.Fatal(err)
			}
			return err
		})
	}
}

// persistValue puts a value as the owner of a state does: after an outage a get
// shows whether it is stored.
func (t *testCase) persistValue(log eventlog.Log, v eventlog.Value, prev event.ID) {
	t.Helper()
	t.eventually(func() error {
		err := log.Put(t.Context(), v, prev)
		if err == nil {
			return nil
		}
		got, getErr := log.Get(t.Context(), v.Name)
		if getErr == nil && got.Position == v.Position && bytes.Equal(got.Data, v.Data) {
			return nil
		}
		if errors.Is(getErr, eventlog.ErrNoValue) && !prev.IsZero() {
			t.Fatalf("a value that was acknowledged is gone: %v", getErr)
		}
		return errors.Join(err, getErr)
	})
}
