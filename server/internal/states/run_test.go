package states_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/states"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/state"
)

var totals = state.Define[sheet]("totals")

func init() {
	state.Fold(totals, added, func(s *sheet, e event.Of[string]) { s.Counts[e.Value]++ })
}

// tailed counts the tails of a log.
type tailed struct {
	eventlog.Log
	tails atomic.Int32
}

func (l *tailed) Tail(ctx context.Context, from uint64, fn func([]event.Event, error)) error {
	l.tails.Add(1)
	return l.Log.Tail(ctx, from, fn)
}

// openBoth opens both kinds.
func openBoth(t *testing.T, log eventlog.Log) (*states.States[sheet], *states.States[sheet]) {
	t.Helper()
	opts := states.Options{Logger: slog.New(slog.DiscardHandler)}
	a, err := states.Open(t.Context(), log, sheets, opts)
	if err != nil {
		t.Fatal(err)
	}
	b, err := states.Open(t.Context(), log, totals, opts)
	if err != nil {
		t.Fatal(err)
	}
	return a, b
}

func runBoth(t *testing.T, log eventlog.Log, kinds ...states.Keeper) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- states.Run(ctx, log, kinds...) }()
	return func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Run returned %v", err)
		}
	}
}

// Two kinds whose checkpoints end at different positions read the log once, and none
// of them misses an event or folds it twice.
func TestKindsShareOneTail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &tailed{Log: small()}
		publish := func(kind state.Kind[sheet], n int) {
			for range n {
				if _, err := added.Publish(t.Context(), log, kind.Topic("red"), "a"); err != nil {
					t.Fatal(err)
				}
			}
		}
		check := func(s *states.States[sheet], want int) {
			t.Helper()
			if got, _, err := s.Get(t.Context(), "red"); err != nil || got.Counts["a"] != want {
				t.Errorf("it is %v (%v), want %d", got.Counts, err, want)
			}
		}
		a, _ := openBoth(t, log)
		stop := runBoth(t, log, a) // and the checkpoints of the other stay behind
		publish(sheets, 100)
		publish(totals, 100)
		check(a, 100)
		time.Sleep(time.Minute)
		stop()

		a, b := openBoth(t, log)
		before := log.tails.Load()
		stop = runBoth(t, log, a, b)
		defer stop()
		publish(sheets, 300)
		publish(totals, 200)
		check(a, 400)
		check(b, 300)
		time.Sleep(time.Minute)
		if n := log.tails.Load() - before; n != 1 {
			t.Errorf("the log was tailed %d times", n)
		}
		if n := held(t, log); n > 60 {
			t.Errorf("the log holds %d events", n)
		}
	})
}

// A kind that is stopped by one topic does not stop the others of the log.
func TestKindWithAFailedTopicDoesNotStopOtherKinds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := small()
		a, b := openBoth(t, log)
		defer runBoth(t, log, a, b)()
		add(t, log, "red", "panic")
		for i := range 200 {
			if _, err := added.Publish(t.Context(), log, totals.Topic(fmt.Sprint(i%7)), "a"); err != nil {
				t.Fatal(err)
			}
		}
		for i := range 7 {
			if got, _, err := b.Get(t.Context(), fmt.Sprint(i)); err != nil || got.Counts["a"] < 28 {
				t.Errorf("%d is %v (%v)", i, got.Counts, err)
			}
		}
		if _, _, err := a.Get(t.Context(), "red"); err == nil {
			t.Error("the failed topic can be read")
		}
	})
}
