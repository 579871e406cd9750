package jetstream_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/nats-io/nats.go"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/eventlog/jetstream"
	"github.com/seawaykit/seaway/shared/event"
)

// drafts returns n drafts to be stored as one under a key.
func drafts(key string, n int) []event.Draft {
	all := make([]event.Draft, n)
	for k := range all {
		all[k] = event.Draft{Topic: "a", Type: "test", Data: fmt.Append(nil, k)}
	}
	all[0].Key = key
	return all
}

// allowBatches changes the stream as an operator would.
func allowBatches(t *testing.T, nc *nats.Conn, allow bool) {
	t.Helper()
	c := streamConfig(t, nc, "SEAWAY")
	c.AllowAtomicPublish = allow
	if _, err := streams(t, nc).UpdateStream(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

func TestStreamOfAnOlderBuildIsChangedToTakeBatches(t *testing.T) {
	nc := connect(t, "", nats.InProcessServer(startNode(t)))
	open(t, nc, jetstream.Options{})
	allowBatches(t, nc, false)
	log := open(t, nc, jetstream.Options{})
	if ids, err := log.AppendAll(t.Context(), drafts("k", 3)); err != nil || len(ids) != 3 {
		t.Errorf("three drafts: %v, %v", ids, err)
	}
}

func TestBatchesAreRefusedWhileTheStreamTakesNone(t *testing.T) {
	nc := connect(t, "", nats.InProcessServer(startNode(t)))
	log := open(t, nc, jetstream.Options{})
	for range 2 {
		allowBatches(t, nc, false)
		refusesBatches(t, log)
		allowBatches(t, nc, true)
		if ids, err := log.AppendAll(t.Context(), drafts("", 3)); err != nil || len(ids) != 3 {
			t.Errorf("three drafts: %v, %v", ids, err)
		}
	}
}

// refusesBatches fails unless a log stores one event at a time.
func refusesBatches(t *testing.T, log eventlog.Log) {
	t.Helper()
	before, err := log.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if ids, err := log.AppendAll(t.Context(), drafts("", 2)); !errors.Is(err, eventlog.ErrNoBatches) {
			t.Errorf("two drafts: %v, %v", ids, err)
		}
	}
	if ids, err := log.AppendAll(t.Context(), drafts("", 1)); err != nil || len(ids) != 1 || ids[0].Seq() != before.Last+1 {
		t.Errorf("one draft: %v, %v", ids, err)
	}
	if id, err := log.Append(t.Context(), event.Draft{Topic: "a", Type: "test"}); err != nil || id.Seq() != before.Last+2 {
		t.Errorf("an append: %v, %v", id, err)
	}
}

// The user has the rights of one that may not change streams.
func TestStreamThatMayNotBeChangedStoresOneEventAtATime(t *testing.T) {
	t.Parallel()
	s := startGuarded(t)
	admin := connect(t, "", nats.InProcessServer(s), nats.UserInfo("admin", "admin"))
	open(t, admin, jetstream.Options{})
	allowBatches(t, admin, false)
	log := open(t, connect(t, "", nats.InProcessServer(s), nats.UserInfo("app", "app")), jetstream.Options{})
	refusesBatches(t, log)
	allowBatches(t, admin, true)
	if ids, err := log.AppendAll(t.Context(), drafts("", 3)); err != nil || len(ids) != 3 {
		t.Errorf("three drafts, once an operator has changed the stream: %v, %v", ids, err)
	}
}

// A stream collects 50 batches at a time, and refuses others.
func TestBatchesOfManyWritersAreAllStored(t *testing.T) {
	const writers, each = 200, 3
	log := open(t, connect(t, "", nats.InProcessServer(startNode(t))), jetstream.Options{})
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			if _, err := log.AppendAll(t.Context(), drafts("", each)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if state, err := log.State(t.Context()); err != nil || state.Last != writers*each {
		t.Errorf("the state is %+v, %v", state, err)
	}
}

// A single server republishes the events of a batch before they are on the disk.
func TestTailOfASingleServerGetsBatchesWhole(t *testing.T) {
	const size, total = 5, 50
	log := open(t, connect(t, "", nats.InProcessServer(startNode(t))), jetstream.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	began, ended := make(chan struct{}), make(chan struct{})
	begin := sync.OnceFunc(func() { close(began) })
	got := 0
	go func() {
		defer close(ended)
		log.Tail(ctx, 1, func(events []event.Event, err error) {
			begin()
			if got += len(events); len(events)%size != 0 || err != nil {
				t.Errorf("%d events came at once (%v)", len(events), err)
			}
			if got == size*total {
				cancel()
			}
		})
	}()
	<-began
	for range total {
		if _, err := log.AppendAll(t.Context(), drafts("", size)); err != nil {
			t.Fatal(err)
		}
	}
	<-ended
}
