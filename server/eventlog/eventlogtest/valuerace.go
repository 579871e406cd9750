package eventlogtest

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

func valueRace(t *testCase) {
	const writers = 8
	log := t.open(eventlog.Retention{})
	peer := t.peer(log)
	ids := t.fill(log, writers+1, "a")
	for round, prev := range []event.ID{{}, ids[0]} {
		var mu sync.Mutex
		var stored []eventlog.Value
		var wg sync.WaitGroup
		for i := range writers {
			wg.Go(func() {
				// Two of each size, and of both kinds.
				v := eventlog.Value{Name: "v", Position: ids[round*(i+1)], Data: random(1 + i/2*50_000), Holds: i%2 == 0}
				err := []eventlog.Log{log, peer}[i%2].Put(t.Context(), v, prev)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					stored = append(stored, v)
				} else if !errors.Is(err, eventlog.ErrConflict) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if len(stored) != 1 {
			t.Fatalf("%d puts over %q won", len(stored), prev)
		}
		t.holds(log, stored[0])
		t.holds(peer, stored[0])
	}
}

// replacedValues are read while they are replaced: each read returns one of them
// whole, and never an older one after a newer one.
func replacedValues(t *testCase) {
	const rounds = 12
	log := t.open(eventlog.Retention{})
	ids := t.fill(log, rounds, "a")
	at := func(i int) eventlog.Value {
		return eventlog.Value{Name: "v", Position: ids[i], Data: random(1 + i%4*90_000), Holds: i%3 == 0}
	}
	t.put(log, at(0), event.ID{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var wg sync.WaitGroup
	defer wg.Wait()
	for _, l := range []eventlog.Log{log, t.peer(log)} {
		wg.Go(func() {
			for last := 0; ctx.Err() == nil && last < rounds-1; {
				v, err := l.Get(ctx, "v")
				if ctx.Err() != nil {
					return
				}
				if err != nil {
					t.Error(err)
					return
				}
				i := slices.Index(ids, v.Position)
				if i < last || !bytes.Equal(v.Data, at(i).Data) || v.Holds != at(i).Holds {
					t.Errorf("after value %d a get returns %s", last, sketch(v))
					return
				}
				last = i
			}
		})
	}
	for i := 1; i < rounds; i++ {
		t.put(log, at(i), ids[i-1])
	}
	wg.Wait()
}

func valueInterrupted(t *testCase) {
	log := t.open(eventlog.Retention{})
	v := eventlog.Value{Name: "v", Position: t.fill(log, 1, "a")[0]}
	why := errors.New("the caller gave up")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	t.callsFail(log, ctx, v, eventlog.ErrUnavailable, why)
	t.lacks(log, "v")
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	t.callsFail(log, t.Context(), v, eventlog.ErrClosed)
}

// callsFail fails unless all calls about values return the errors.
func (t *testCase) callsFail(log eventlog.Log, ctx context.Context, v eventlog.Value, want ...error) {
	t.Helper()
	_, get := log.Get(ctx, v.Name)
	_, names := log.Names(ctx, "")
	for call, err := range map[string]error{
		"put": log.Put(ctx, v, event.ID{}), "delete": log.Delete(ctx, v.Name, v.Position), "get": get, "names": names,
	} {
		for _, one := range want {
			if !errors.Is(err, one) {
				t.Errorf("%s: %v, want %v", call, err, one)
			}
		}
	}
}
