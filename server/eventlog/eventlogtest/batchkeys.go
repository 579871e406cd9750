package eventlogtest

import (
	"errors"
	"slices"
	"sync"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

func batchRetries(t *testCase) {
	log := t.open(eventlog.Retention{})
	first := t.publishAll(log, batch("a", "x", 3))
	single := t.publish(log, draft("a", "single"))
	for _, l := range []eventlog.Log{log, t.peer(log)} {
		t.retried(l, "x", first)
		alone := []event.Draft{{Topic: "b", Type: "test", Key: draft("a", "single").Key}, {Topic: "b", Type: "test"}}
		if ids := t.publishAll(l, alone); !slices.Equal(ids, []event.ID{single}) {
			t.Errorf("a retry of a single draft as two has the ids %v, want %v", ids, single)
		}
	}
	t.await(log, "x1 x2 x3 single")
	if state := t.state(log); state.Last != 4 {
		t.Errorf("the last number is %d, want 4", state.Last)
	}
}

// retried fails unless the key of a batch returns the ids of the first time, however
// many drafts there are now.
func (t *testCase) retried(log eventlog.Log, name string, first []event.ID) {
	t.Helper()
	for _, n := range []int{1, len(first) - 1, len(first), len(first) + 1} {
		drafts := batch("a", name, n)
		drafts[0].Data = []byte("the payload of a retry does not count")
		if ids := t.publishAll(log, drafts); !slices.Equal(ids, first) {
			t.Errorf("a retry of %d drafts as %d has the ids %v, want %v", len(first), n, ids, first)
		}
	}
	if id := t.publish(log, batch("a", name, 1)[0]); id != first[0] {
		t.Errorf("a single draft under the key has the id %s, want %s", id, first[0])
	}
}

func batchReusedKey(t *testCase) {
	log := t.open(eventlog.Retention{})
	asked := func(request string, n int) []event.Draft {
		drafts := batch("a", "x", n)
		drafts[0].Request = request
		return drafts
	}
	first := t.publishAll(log, asked("one", 3))
	t.publish(log, event.Draft{Topic: "b", Type: "test", Key: "other/2"})
	peer := t.peer(log)
	for _, l := range []eventlog.Log{log, peer} {
		for _, n := range []int{1, 2, 3} {
			if ids, err := l.AppendAll(t.Context(), asked("two", n)); !errors.Is(err, eventlog.ErrKeyReused) {
				t.Errorf("another request of %d drafts: %v, %v", n, ids, err)
			}
		}
		for _, request := range []string{"one", ""} {
			if ids, err := l.AppendAll(t.Context(), asked(request, 3)); err != nil || !slices.Equal(ids, first) {
				t.Errorf("the request %q: %v, %v, want %v", request, ids, err, first)
			}
		}
		drafts := batch("a", "y", 4)
		drafts[0].Key = "other"
		if ids, err := l.AppendAll(t.Context(), drafts); !errors.Is(err, eventlog.ErrKeyReused) {
			t.Errorf("a third draft whose key was used: %v, %v", ids, err)
		}
	}
	if state := t.state(log); state.Last != 4 {
		t.Errorf("the last number is %d, want 4", state.Last)
	}
}

func batchConcurrentRetries(t *testCase) {
	log := t.open(eventlog.Retention{})
	peer := t.peer(log)
	var got [8][]event.ID
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() {
			ids, err := []eventlog.Log{log, peer}[i%2].AppendAll(t.Context(), batch("a", "x", 3))
			if err != nil {
				t.Error(err)
			}
			got[i] = ids
		})
	}
	wg.Wait()
	for _, ids := range got {
		if !slices.Equal(ids, got[0]) {
			t.Errorf("the ids differ: %v", got)
		}
	}
	t.await(log, "x1 x2 x3")
}

func batchKeyOutlives(t *testCase) {
	log := t.open(eventlog.Retention{MaxEvents: 3})
	first := t.publishAll(log, batch("a", "x", 5))
	t.shows("what is left of the batch", log, 3, 10, first[2:])
	t.retried(log, "x", first)
	t.publish(log, draft("b", "1"))
	t.publish(log, draft("b", "2"))
	t.publish(log, draft("b", "3"))
	t.shows("what came after it", log, 0, 10, nil, "a")
	t.retried(t.peer(log), "x", first)
}

func batchRestart(t *testCase) {
	log := t.open(eventlog.Retention{MaxEvents: 4})
	old := t.publishAll(log, batch("a", "x", 3))
	first := t.publishAll(log, batch("a", "y", 3))
	log = t.Reopen(t.T, log)
	t.retried(log, "y", first)
	// Only the last event of x is left.
	for _, n := range []int{3, 4} {
		if ids := t.publishAll(log, batch("a", "x", n)); !slices.Equal(ids, old) {
			t.Errorf("a retry as %d drafts has the ids %v, want %v", n, ids, old)
		}
	}
	next := t.publishAll(log, batch("b", "z", 2))
	if next[0].Seq() != first[2].Seq()+1 {
		t.Errorf("the first id after the restart is %s", next[0])
	}
	t.await(log, "z1 z2", "b")
}
