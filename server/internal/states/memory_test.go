package states_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/states"
)

// States of which no checkpoint can be written stay in memory, also beyond its limit,
// and do not stop the others.
func TestStatesThatCannotLeaveMemoryDoNotStopOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := small()
		n := run(t, log, states.Options{Memory: 600})
		defer n.stop()
		for _, key := range []string{"red", "green", "yellow", "pink"} {
			add(t, log, key, "panic")
			synctest.Wait()
		}
		for range 100 {
			add(t, log, "blue", "a")
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if s, _, err := n.Get(ctx, "blue"); err != nil || s.Counts["a"] != 100 {
			t.Errorf("blue is %v (%v)", s.Counts, err)
		}
	})
}

// forgetful is a log that does not give one value.
type forgetful struct {
	eventlog.Log
	lost atomic.Pointer[string]
}

func (f *forgetful) Get(ctx context.Context, name string) (eventlog.Value, error) {
	if lost := f.lost.Load(); lost != nil && *lost == name {
		return eventlog.Value{}, eventlog.ErrUnavailable
	}
	return f.Log.Get(ctx, name)
}

// A checkpoint that the log does not give does not stop the other topics. Its events
// stay until it is there again.
func TestStateWhoseCheckpointIsNotGivenDoesNotStopOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &forgetful{Log: small()}
		n := run(t, log, states.Options{})
		add(t, log, "red", "a")
		add(t, log, "blue", "a")
		time.Sleep(time.Minute)
		n.stop()

		lost := "state.sheet.red"
		log.lost.Store(&lost)
		n = run(t, log, states.Options{})
		add(t, log, "red", "a")
		for range 100 {
			add(t, log, "blue", "a")
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if s, _, err := n.Get(ctx, "blue"); err != nil || s.Counts["a"] != 101 {
			t.Errorf("blue is %v (%v)", s.Counts, err)
		}
		if _, _, err := n.Get(ctx, "red"); !errors.Is(err, eventlog.ErrUnavailable) || !strings.Contains(err.Error(), "sheet.red") {
			t.Errorf("red: %v", err)
		}
		time.Sleep(time.Minute)
		n.stop()

		log.lost.Store(nil)
		n = run(t, log, states.Options{})
		defer n.stop()
		n.shows(t, "red", "a2")
		n.shows(t, "blue", "a101")
	})
}
