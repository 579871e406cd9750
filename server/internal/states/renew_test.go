package states_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/states"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/state"
)

// An oldSheet is a sheet of an older release.
type oldSheet struct{ Names []string }

// One kind in three releases, under three names since a program defines a kind once.
// The third has no function for the type of the first.
var (
	release1 = state.Define[oldSheet]("first")
	release2 = state.Define[sheet]("second")
	release3 = state.Define[sheet]("third")
)

func init() {
	state.Fold(release1, added, func(r *oldSheet, e event.Of[string]) { r.Names = append(r.Names, e.Value) })
	state.Fold(release2, added, func(s *sheet, e event.Of[string]) { s.Counts[e.Value]++ })
	state.Upgrade(release2, func(r oldSheet) sheet {
		s := release2.New()
		for _, name := range r.Names {
			s.Counts[name]++
		}
		return s
	})
}

// keep keeps the states of a kind until stop.
func keep[S any](t *testing.T, log eventlog.Log, kind state.Kind[S]) (s *states.States[S], stop func()) {
	t.Helper()
	s, err := states.Open(t.Context(), log, kind, states.Options{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	return s, func() { cancel(); <-ended }
}

// deploy gives the values of a kind to the next release.
func deploy(t *testing.T, log eventlog.Log, from, to string) {
	t.Helper()
	for _, prefix := range []string{"state.", "kind."} {
		names, err := log.Names(t.Context(), prefix+from)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			v, err := log.Get(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			prev := v.Position
			v.Name = prefix + to + strings.TrimPrefix(name, prefix+from)
			if err := log.Put(t.Context(), v, event.ID{}); err != nil {
				t.Fatal(err)
			}
			if err := log.Delete(t.Context(), name, prev); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// After a change of the type all checkpoints are written anew, also those of states
// that nothing uses, and then a release without the older type can read them.
func TestCheckpointsOfAnOlderTypeAreRenewedUntilItCanBeDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := small()
		first, stop := keep(t, log, release1)
		for i := range 100 {
			if _, err := added.Publish(t.Context(), log, release1.Topic(fmt.Sprint(i)), "a"); err != nil {
				t.Fatal(err)
			}
		}
		if err := first.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		stop()
		deploy(t, log, "first", "second")

		_, stop = keep(t, log, release2)
		time.Sleep(time.Minute)
		stop()
		deploy(t, log, "second", "third")
		_, err := states.Open(t.Context(), log, release3, states.Options{Logger: slog.New(slog.DiscardHandler)})
		if err == nil || !strings.Contains(err.Error(), "Names") {
			t.Errorf("a release without the older type starts before the checkpoints are renewed: %v", err)
		}
		deploy(t, log, "third", "second")

		_, stop = keep(t, log, release2)
		time.Sleep(10 * time.Minute)
		stop()
		deploy(t, log, "second", "third")
		last, stop := keep(t, log, release3)
		defer stop()
		for i := range 100 {
			s, _, err := last.Get(t.Context(), fmt.Sprint(i))
			if err != nil || s.Counts["a"] != 1 {
				t.Errorf("%d is %v (%v)", i, s, err)
			}
		}
	})
}
