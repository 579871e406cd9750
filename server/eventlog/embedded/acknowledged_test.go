package embedded

import (
	"context"
	"sync"
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

var _ eventlog.Acknowledger = (*Log)(nil)

func TestAcknowledgedIsKnownWithoutTheServer(t *testing.T) {
	dir := t.TempDir()
	log := openLog(t, Options{Dir: dir})
	add := func() uint64 {
		t.Helper()
		id, err := log.Append(t.Context(), event.Draft{Topic: "a", Type: "test.event", Data: []byte("1")})
		if err != nil {
			t.Error(err)
		}
		return id.Seq()
	}
	expect := func(when string, want uint64, known bool) {
		t.Helper()
		if got, ok := log.Acknowledged(); got != want || ok != known {
			t.Errorf("%s: %d, known: %v; want %d, %v", when, got, ok, want, known)
		}
	}
	expect("after the start", 0, false)
	if seq, err := eventlog.Newest(t.Context(), log); seq != 0 || err != nil {
		t.Errorf("the newest of an empty log is %d (%v)", seq, err)
	}
	expect("once the state was asked for", 0, true)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				if seq := add(); seq > 0 {
					if newest, ok := log.Acknowledged(); !ok || newest < seq {
						t.Errorf("%d is acknowledged, and the newest is %d (%v)", seq, newest, ok)
					}
				}
			}
		})
	}
	all.Wait()
	expect("after 160 appends", 160, true)
	done, cancel := context.WithCancel(t.Context())
	cancel()
	if seq, err := eventlog.Newest(done, log); seq != 160 || err != nil {
		t.Errorf("without asking, the newest is %d (%v)", seq, err)
	}

	log.engine.stop()
	if err := log.begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	expect("after a restart of the server", 0, false)
	if last := state(t, log).Last; last != 160 {
		t.Errorf("the log ends at %d", last)
	}
	expect("once its state was asked for", 160, true)
	expect("after one more", add(), true)
	if _, err := log.AppendAll(t.Context(), batchOf("a-batch", 10)); err != nil {
		t.Fatal(err)
	}
	batch := uint64(len(batchOf("a-batch", 10)))
	expect("after several as one", 161+batch, true)

	log.Close()
	expect("when it is closed", 0, false)
	log = openLog(t, Options{Dir: dir})
	expect("after another start", 0, false)
	if seq, err := eventlog.Newest(t.Context(), log); seq != 161+batch || err != nil {
		t.Errorf("the newest is %d (%v)", seq, err)
	}
}

// A retry is answered with the event that was stored, which is not the newest.
func TestAcknowledgedDoesNotGoBackWithARetry(t *testing.T) {
	log := openLog(t, Options{Dir: t.TempDir()})
	for i, key := range []string{"first", "second", "first"} {
		if _, err := log.Append(t.Context(), event.Draft{Topic: "a", Type: "test.event", Data: []byte("1"), Key: key}); err != nil {
			t.Fatal(err)
		}
		if seq, known := log.Acknowledged(); !known || seq != uint64(min(i+1, 2)) {
			t.Errorf("after append %d it is %d (%v)", i+1, seq, known)
		}
	}
}
