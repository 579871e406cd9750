package jetstream_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/eventlog/jetstream"
	"github.com/seawaykit/seaway/shared/event"
)

func TestAppendOutlastsAShortOutage(t *testing.T) {
	n := startNode(t)
	log := open(t, connect(t, "", nats.InProcessServer(n)), jetstream.Options{})
	n.stop()
	acked := make(chan event.ID)
	for i := range 4 {
		go func() {
			id, err := log.Append(t.Context(), event.Draft{Topic: "a", Type: "test", Data: fmt.Append(nil, i)})
			if err != nil {
				t.Error(err)
			}
			acked <- id
		}()
	}
	n.start(t, n.dir)
	seqs := map[uint64]bool{}
	for range 4 {
		seqs[(<-acked).Seq()] = true
	}
	if state, err := log.State(t.Context()); err != nil || state.Last != 4 || len(seqs) != 4 {
		t.Errorf("the numbers are %v, the state %+v (%v)", seqs, state, err)
	}
}

func TestAppendGivesUpWhenItsContextEnds(t *testing.T) {
	n := startNode(t)
	log := open(t, connect(t, "", nats.InProcessServer(n)), jetstream.Options{})
	n.stop()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := log.Append(ctx, event.Draft{Topic: "a", Type: "test"})
	if !errors.Is(err, eventlog.ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the error is %v", err)
	}
}

// It takes the 10 s that it is about.
func TestCallsGiveUpByThemselves(t *testing.T) {
	t.Parallel()
	n := startNode(t)
	log := open(t, connect(t, "", nats.InProcessServer(n)), jetstream.Options{})
	n.stop()
	errs := make(chan error)
	calls := map[string]func() error{
		"append": func() error {
			_, err := log.Append(context.Background(), event.Draft{Topic: "a", Type: "test"})
			return err
		},
		"read":  func() error { _, err := log.Read(context.Background(), 1, 1); return err },
		"state": func() error { _, err := log.State(context.Background()); return err },
	}
	for name, call := range calls {
		go func() { errs <- fmt.Errorf("%s: %w", name, call()) }()
	}
	for range calls {
		// The caller's context has not ended: its error would mislead.
		if err := <-errs; !errors.Is(err, eventlog.ErrUnavailable) || errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the error is %v", err)
		}
	}
}

func TestDiagnoseEndsAnAppend(t *testing.T) {
	t.Parallel()
	n := startNode(t)
	log := open(t, connect(t, "", nats.InProcessServer(n)), jetstream.Options{Diagnose: func(bool) error { return eventlog.ErrFull }})
	n.stop()
	if _, err := log.Append(t.Context(), event.Draft{Topic: "a", Type: "test"}); !errors.Is(err, eventlog.ErrFull) {
		t.Errorf("the error is %v", err)
	}
}

// A process that only appends has no tail that would detect another log.
func TestAppendNoticesThatTheLogWasReplaced(t *testing.T) {
	n := startNode(t)
	nc := connect(t, "", nats.InProcessServer(n))
	log := open(t, nc, jetstream.Options{})
	old := fill(t, log, 3)[2]
	n.stop()
	n.start(t, t.TempDir())
	open(t, nc, jetstream.Options{})
	id := fill(t, log, 1)[0]
	if state, err := log.State(t.Context()); err != nil || id.Epoch() != state.Epoch || id.Epoch() == old.Epoch() {
		t.Errorf("the first id of the new log is %s, the last of the old one %s, the state %+v (%v)", id, old, state, err)
	}
}
