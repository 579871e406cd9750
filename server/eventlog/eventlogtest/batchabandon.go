package eventlogtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// abandonSize is how many drafts the writers store as one, and abandonTime how long
// each waits for that.
const (
	abandonSize = 4
	abandonTime = 300 * time.Millisecond
)

// An ackedBatches is what writers have had acknowledged.
type ackedBatches struct {
	mu   sync.Mutex
	ids  map[string][]event.ID // by the name of a batch
	lost int                   // how many of them were given up
}

func (a *ackedBatches) note(name string, ids []event.ID, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err == nil {
		a.ids[name] = ids
	} else {
		a.lost++
	}
}

func (a *ackedBatches) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.ids)
}

// batchAbandoned appends from several writers, none of which tries again, through a
// fault.
func batchAbandoned(t *testCase) {
	log := t.open(eventlog.Retention{})
	logs := []eventlog.Log{log, t.peer(log)}
	acked := &ackedBatches{ids: map[string][]event.ID{}}
	done := make(chan struct{})
	var writers sync.WaitGroup
	for w := range 4 {
		writers.Go(func() { t.abandon(logs[w%2], fmt.Sprint("w", w), acked, done) })
	}
	more := func() {
		t.Helper()
		goal := acked.count() + 20
		t.eventually(func() error {
			if n := acked.count(); n < goal {
				return fmt.Errorf("%d batches were acknowledged, want %d", n, goal)
			}
			return nil
		})
	}
	more()
	repair := t.Fault(t.T, log)
	more()
	repair()
	more()
	close(done)
	writers.Wait()
	for i, l := range logs { // after what a writer of this node has given up
		t.persist(l, draft("end", fmt.Sprint(i)))
	}
	for _, l := range logs {
		t.shows("the ends", l, 0, 10, ids(t.await(log, "0 1", "end")), "end")
		t.whole(t.readAll(l, 0, 100, "a"), acked)
	}
	t.Logf("%d batches were acknowledged, %d were given up", len(acked.ids), acked.lost)
}

// abandon appends until done is closed.
func (t *testCase) abandon(log eventlog.Log, writer string, acked *ackedBatches, done <-chan struct{}) {
	for i := 0; ; i++ {
		select {
		case <-done:
			return
		default:
		}
		name := fmt.Sprint(writer, ".", i, ".")
		ctx, cancel := context.WithTimeout(t.Context(), abandonTime)
		ids, err := log.AppendAll(ctx, batch("a", name, abandonSize))
		cancel()
		if err != nil && !errors.Is(err, eventlog.ErrUnavailable) {
			t.Error(err)
			return
		}
		acked.note(name, ids, err)
	}
}

// whole fails unless the events are those of whole batches, each once, with all that
// were acknowledged.
func (t *testCase) whole(events []event.Event, acked *ackedBatches) {
	t.Helper()
	stored := map[string][]event.ID{}
	for i, e := range events {
		name := strings.TrimSuffix(string(e.Data()), fmt.Sprint(i%abandonSize+1))
		first := events[i-i%abandonSize]
		if name+"1" != string(first.Data()) || e.ID().Seq() != first.ID().Seq()+uint64(i%abandonSize) {
			t.Fatalf("%s of %s comes %d after %s of %s", e.Data(), e.ID(), i%abandonSize, first.Data(), first.ID())
		}
		stored[name] = append(stored[name], e.ID())
	}
	for name, ids := range stored {
		if len(ids) != abandonSize {
			t.Errorf("the batch %s is stored as %v", name, ids)
		}
	}
	for name, ids := range acked.ids {
		if !slices.Equal(stored[name], ids) {
			t.Errorf("the batch %s was acknowledged as %v and is stored as %v", name, ids, stored[name])
		}
	}
}
