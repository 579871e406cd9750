package states_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/states"
	"github.com/seawaykit/seaway/shared/event"
)

// A kind that no program serves any more keeps the log's events, until it is
// forgotten.
func TestForgetLetsTheLogRemoveEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := small()
		n := run(t, log, states.Options{})
		add(t, log, "red", "a")
		n.shows(t, "red", "a1")
		n.stop()
		for range 200 {
			if _, err := remarked.Publish(t.Context(), log, "elsewhere", "x"); err != nil {
				t.Fatal(err)
			}
		}
		kinds, err := states.Held(t.Context(), log)
		if err != nil || len(kinds) != 1 || kinds["sheet"] != 200 || held(t, log) < 200 {
			t.Errorf("the kinds are %v (%v), and the log holds %d events", kinds, err, held(t, log))
		}
		if checkpoints, err := states.Forget(t.Context(), log, "sheet"); err != nil || checkpoints != 1 {
			t.Errorf("%d checkpoints were forgotten (%v)", checkpoints, err)
		}
		if kinds, err := states.Held(t.Context(), log); err != nil || len(kinds) != 0 {
			t.Errorf("the kinds are %v (%v)", kinds, err)
		}
		if names, err := log.Names(t.Context(), ""); err != nil || len(names) != 0 || held(t, log) > 50 {
			t.Errorf("%q are left (%v), and the log holds %d events", names, err, held(t, log))
		}
		if _, err := states.Forget(t.Context(), log, "sheet"); !errors.Is(err, eventlog.ErrNoValue) || !strings.Contains(err.Error(), "sheet") {
			t.Errorf("forgotten once more: %v", err)
		}
		if _, err := states.Open(t.Context(), log, sheets, states.Options{}); !errors.Is(err, states.ErrIncomplete) {
			t.Errorf("the kind that was forgotten is opened again: %v", err)
		}
	})
}

// A kind whose name begins with that of the kind that is forgotten keeps its states.
func TestForgetLeavesKindsWithLongerNames(t *testing.T) {
	log := small()
	at, err := remarked.Publish(t.Context(), log, "elsewhere", "x")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"kind.sheet", "state.sheet.a", "state.sheet.b", "kind.sheet.old", "state.sheet.old.a", "state.sheets.a"} {
		if err := log.Put(t.Context(), eventlog.Value{Name: name, Position: at}, event.ID{}); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := states.Forget(t.Context(), log, "sheet"); err != nil || n != 2 {
		t.Errorf("%d checkpoints were forgotten (%v)", n, err)
	}
	if names, err := log.Names(t.Context(), ""); err != nil || strings.Join(names, " ") != "kind.sheet.old state.sheet.old.a state.sheets.a" {
		t.Errorf("%q are left (%v)", names, err)
	}
}

// A program that was killed in the middle has deleted the record, and some checkpoints.
func TestForgetThatWasInterruptedIsDoneAgain(t *testing.T) {
	log := small()
	at, err := remarked.Publish(t.Context(), log, "elsewhere", "x")
	if err == nil {
		err = log.Put(t.Context(), eventlog.Value{Name: "state.sheet.red", Position: at}, event.ID{})
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := states.Open(t.Context(), log, sheets, states.Options{}); err == nil || !strings.Contains(err.Error(), "forget it again") {
		t.Errorf("a kind with checkpoints and no record is opened: %v", err)
	}
	if n, err := states.Forget(t.Context(), log, "sheet"); err != nil || n != 1 {
		t.Errorf("%d checkpoints were forgotten (%v)", n, err)
	}
	if _, err := states.Open(t.Context(), log, sheets, states.Options{}); err != nil {
		t.Error(err)
	}
}

// A node that still serves the kind reports that, and shows no smaller state.
func TestStatesThatWereForgottenAreAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := small()
		s, err := states.Open(t.Context(), log, sheets, states.Options{Memory: 1, Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- s.Run(ctx) }()
		add(t, log, "red", "a")
		if _, _, err := s.Get(t.Context(), "red"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		if _, err := states.Forget(t.Context(), log, "sheet"); err != nil {
			t.Fatal(err)
		}
		add(t, log, "blue", "a")
		time.Sleep(time.Minute)
		if _, _, err := s.Get(t.Context(), "red"); err == nil || !strings.Contains(err.Error(), "forgotten") {
			t.Errorf("red: %v", err)
		}
		if err := s.Health(); err == nil || !strings.Contains(err.Error(), "forgotten") {
			t.Errorf("it is healthy: %v", err)
		}
		cancel()
		<-ended
	})
}
