package eventlogtest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// batch returns drafts of a topic to be stored as one, under a key of their own:
// <name>1 to <name>n.
func batch(topic, name string, n int) []event.Draft {
	drafts := make([]event.Draft, n)
	for k := range drafts {
		drafts[k] = event.Draft{Topic: topic, Type: "test.happened", Data: fmt.Appendf(nil, "%s%d", name, k+1)}
	}
	drafts[0].Key = "batch/" + topic + "/" + name
	return drafts
}

func (t *testCase) publishAll(log eventlog.Log, drafts []event.Draft) []event.ID {
	t.Helper()
	ids, err := log.AppendAll(t.Context(), drafts)
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func batches(t *testCase) {
	log := t.open(eventlog.Retention{})
	peer := t.peer(log)
	tails := []*recorder{t.tail(log, 1, nil), t.tail(peer, 1, nil)}
	epoch, n := t.state(log).Epoch, 0
	var all []event.ID
	for _, size := range []int{1, 2, 5, eventlog.MaxBatch} {
		n++
		all = append(all, t.publish(peer, draft("b", fmt.Sprint("between", n))))
		drafts := batch("a", fmt.Sprint(n, "."), size)
		ids := t.publishAll(log, drafts)
		if len(ids) != size {
			t.Fatalf("%d drafts have %d ids", size, len(ids))
		}
		for k, id := range ids {
			key := event.PartKey(drafts[0].Key, k)
			if id != event.NewID(epoch, ids[0].Seq()+uint64(k), key).In(id.Generation()) {
				t.Errorf("the id %s of draft %d after %s does not prove the key %q", id, k, ids[0], key)
			}
			drafts[k].Data[0] = 'X' // the log has its own
		}
		all = append(all, ids...)
	}
	for _, tail := range tails {
		tail.shows(all)
	}
	for _, l := range []eventlog.Log{log, peer} {
		t.shows("read", l, 1, 64, all)
	}
	read := t.readAll(log, 0, 10, "a")
	if got := payloads(read[:8]); got != "1.1 2.1 2.2 3.1 3.2 3.3 3.4 3.5" {
		t.Errorf("the first events of the topic are %s", got)
	}
}

func batchWithoutKey(t *testCase) {
	log := t.open(eventlog.Retention{})
	drafts := batch("a", "x", 3)
	drafts[0].Key = ""
	first := t.publishAll(log, drafts)
	if second := t.publishAll(log, drafts); first[0] == second[0] {
		t.Errorf("two batches without a key have the ids %v", first)
	}
	t.await(log, "x1 x2 x3 x1 x2 x3")
}

func badBatches(t *testCase) {
	log := t.open(eventlog.Retention{})
	tests := []struct {
		name   string
		drafts func() []event.Draft
		want   error
	}{
		{"no draft", func() []event.Draft { return nil }, eventlog.ErrBatch},
		{"one too many", func() []event.Draft { return batch("a", "x", eventlog.MaxBatch+1) }, eventlog.ErrBatch},
		{"two topics", spoilt(func(d *event.Draft) { d.Topic = "b" }), eventlog.ErrBatch},
		{"a second key", spoilt(func(d *event.Draft) { d.Key = "k" }), eventlog.ErrBatch},
		{"a second request", spoilt(func(d *event.Draft) { d.Request = "r" }), eventlog.ErrBatch},
		{"a second expectation", spoilt(func(d *event.Draft) { d.ExpectLast = new(uint64) }), eventlog.ErrBatch},
		{"one that replaces the others", spoilt(func(d *event.Draft) { d.Latest = true }), eventlog.ErrBatch},
		{"a first one that replaces the others", func() []event.Draft {
			drafts := batch("a", "x", 2)
			drafts[0].Latest = true
			return drafts
		}, eventlog.ErrBatch},
		{"a lifetime that is too short", spoilt(func(d *event.Draft) { d.TTL = 1 }), event.ErrTTL},
		{"one that is too large", spoilt(func(d *event.Draft) { d.Data = make([]byte, 256<<10) }), eventlog.ErrTooLarge},
		{"all together too large", func() []event.Draft {
			drafts := batch("a", "x", 40)
			for k := range drafts {
				drafts[k].Data = make([]byte, 250<<10)
			}
			return drafts
		}, eventlog.ErrTooLarge},
	}
	for _, test := range tests {
		if ids, err := log.AppendAll(t.Context(), test.drafts()); !errors.Is(err, test.want) {
			t.Errorf("%s: got %v, %v, want %v", test.name, ids, err, test.want)
		}
	}
	if state := t.state(log); state.Last != 0 {
		t.Errorf("refused drafts were stored: the last number is %d", state.Last)
	}
}

// spoilt returns a function that returns three drafts, of which the last is spoilt.
func spoilt(spoil func(*event.Draft)) func() []event.Draft {
	return func() []event.Draft {
		drafts := batch("a", "x", 3)
		spoil(&drafts[2])
		return drafts
	}
}

func largestBatch(t *testCase) {
	log := t.open(eventlog.Retention{})
	drafts := batch("a", "x", 32)
	drafts[0].Key, drafts[0].Request = string(slices.Repeat([]byte("k"), event.MaxKey-3)), string(slices.Repeat([]byte("r"), event.MaxKey))
	drafts[0].ExpectLast = new(uint64)
	for k := range drafts {
		drafts[k].Data = make([]byte, 256<<10-1-len("test.happened"))
		drafts[k].TTL = time.Hour
	}
	ids := t.publishAll(log, drafts)
	t.shows("the largest batch", log, 1, 100, ids)
}

func batchExpectations(t *testCase) {
	log := t.open(eventlog.Retention{})
	peer := t.peer(log)
	expecting := func(l eventlog.Log, name string, seq uint64) ([]event.ID, error) {
		drafts := batch("a", name, 3)
		drafts[0].ExpectLast = &seq
		return l.AppendAll(t.Context(), drafts)
	}
	if ids, err := expecting(log, "x", 7); !errors.Is(err, eventlog.ErrConflict) {
		t.Errorf("a new topic of which 7 is expected: %v, %v", ids, err)
	}
	first, err := expecting(log, "x", 0)
	if err != nil {
		t.Fatal(err)
	}
	t.publish(log, draft("b", "other"))
	for _, l := range []eventlog.Log{log, peer} {
		if ids, err := expecting(l, "y", first[1].Seq()); !errors.Is(err, eventlog.ErrConflict) {
			t.Errorf("the one before the newest is expected: %v, %v", ids, err)
		}
		if ids, err := expecting(l, "x", 99); err != nil || !slices.Equal(ids, first) {
			t.Errorf("a retry that expects another number: %v, %v, want %v", ids, err, first)
		}
	}
	if _, err := expecting(peer, "y", first[2].Seq()); err != nil {
		t.Errorf("the newest of the topic is expected: %v", err)
	}
	t.await(log, "x1 x2 x3 y1 y2 y3", "a")
	if state := t.state(log); state.Last != 7 {
		t.Errorf("the last number is %d, want 7", state.Last)
	}
}

func batchRace(t *testCase) {
	log := t.open(eventlog.Retention{})
	peer := t.peer(log)
	var mu sync.Mutex
	var won [][]event.ID
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			drafts := batch("a", fmt.Sprint("w", i, "."), 3+i%2)
			drafts[0].ExpectLast = new(uint64)
			ids, err := []eventlog.Log{log, peer}[i%2].AppendAll(t.Context(), drafts)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won = append(won, ids)
			} else if !errors.Is(err, eventlog.ErrConflict) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(won) != 1 {
		t.Fatalf("%d batches won", len(won))
	}
	t.shows("the one that won", log, 1, 10, won[0])
	if state := t.state(log); state.Last != uint64(len(won[0])) {
		t.Errorf("the last number is %d, want %d", state.Last, len(won[0]))
	}
}
