package live

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
)

func checkUnchanged(t *testing.T, s *Server, when string, want bool, since event.ID, topics ...string) {
	t.Helper()
	if got, err := s.Unchanged(t.Context(), since, topics...); got != want || err != nil {
		t.Errorf("%s: %v (%v), want %v", when, got, err, want)
	}
}

// An event that was acknowledged before the question counts, also if this node has
// yet to receive it.
func TestServer_ReportsWhetherTopicsAreUnchanged(t *testing.T) {
	log := &lateLog{Log: eventlog.NewMemory(eventlog.Retention{})}
	s := newTestOn(t, log, Options{})
	publish := func(topic string) {
		t.Helper()
		if _, err := written.Publish(t.Context(), log, topic, note{"x"}); err != nil {
			t.Fatal(err)
		}
	}
	publish(topic)
	_, since, err := s.Snapshot(t.Context(), []string{topic}, 10)
	if err != nil {
		t.Fatal(err)
	}
	checkUnchanged(t, s, "at first", true, since, topic)
	log.hold()
	publish("elsewhere")
	checkUnchanged(t, s, "after an event elsewhere", true, since, topic)
	log.hold()
	publish(topic)
	checkUnchanged(t, s, "after an event", false, since, topic)
	checkUnchanged(t, s, "without topics", true, since)
}

func TestServer_ReportsAStateThatIsHiddenOrErasedAsChanged(t *testing.T) {
	log := eventlog.NewMemory(eventlog.Retention{})
	s := newTestOn(t, log, Options{})
	var hidden atomic.Bool
	kept := Serve(s, lists, func(r access.Right) error {
		if hidden.Load() && r.User == "" {
			return fault.New(fault.Forbidden, "this list is hidden")
		}
		return nil
	})
	red := lists.Topic("red")
	if _, err := listed.Publish(t.Context(), log, red, "a"); err != nil {
		t.Fatal(err)
	}
	_, _, since, err := s.State(t.Context(), red)
	if err != nil {
		t.Fatal(err)
	}
	checkUnchanged(t, s, "at first", true, since, red, topic)
	hidden.Store(true)
	checkUnchanged(t, s, "hidden", false, since, red, topic)
	checkUnchanged(t, s, "hidden, and not named", true, since, topic)
	hidden.Store(false)
	checkUnchanged(t, s, "shown again", true, since, red)
	if err := kept.Erase(t.Context(), "red"); err != nil {
		t.Fatal(err)
	}
	checkUnchanged(t, s, "erased", false, since, red)
}

func TestServer_CannotReportOnALogOutOfReach(t *testing.T) {
	log := &awayLog{Log: eventlog.NewMemory(eventlog.Retention{})}
	s := newTestOn(t, log, Options{})
	_, since, err := s.Snapshot(t.Context(), []string{topic}, 10)
	if err != nil {
		t.Fatal(err)
	}
	log.away.Store(true)
	if _, err := s.Unchanged(t.Context(), since, topic); !errors.Is(err, eventlog.ErrUnavailable) {
		t.Errorf("the error is %v", err)
	}
}

// An awayLog can be out of reach.
type awayLog struct {
	eventlog.Log
	away atomic.Bool
}

func (l *awayLog) State(ctx context.Context) (eventlog.State, error) {
	if l.away.Load() {
		return eventlog.State{}, eventlog.ErrUnavailable
	}
	return l.Log.State(ctx)
}
