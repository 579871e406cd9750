package jetstream

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

func TestFullServersAreUnhealthyAndLoggedOnce(t *testing.T) {
	var logged bytes.Buffer
	var full atomic.Bool
	l := fake(t, &replica{has: []int{0}})
	l.o.Logger = slog.New(slog.NewTextHandler(&logged, nil))
	var seq atomic.Int32
	if _, err := l.nc.Subscribe("fake.a", func(m *nats.Msg) {
		answer := `{"error":{"code":503,"err_code":10023,"description":"insufficient resources"}}`
		if !full.Load() {
			answer = `{"stream":"FAKE","seq":` + string(rune('0'+seq.Add(1))) + `}`
		}
		if err := m.Respond([]byte(answer)); err != nil {
			t.Error(err)
		}
	}); err != nil {
		t.Fatal(err)
	}
	for _, is := range []bool{false, true, true, false, false} {
		full.Store(is)
		_, err := l.Append(t.Context(), event.Draft{Topic: "a", Type: "test"})
		if errors.Is(err, eventlog.ErrFull) != is || errors.Is(l.Health(), eventlog.ErrFull) != is {
			t.Errorf("full is %v: an append gives %v, the health is %v", is, err, l.Health())
		}
	}
	if a, b := strings.Count(logged.String(), "make room"), strings.Count(logged.String(), "room again"); a != 1 || b != 1 {
		t.Errorf("it was logged %d and %d times:\n%s", a, b, &logged)
	}
}

// An unhealthy node may get no appends, so none would ever show that there is
// room again.
func TestFullServersAreForgottenWithoutAppends(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &Log{}
		l.capacity.note(eventlog.ErrFull, slog.New(slog.DiscardHandler))
		l.capacity.note(errors.New("it says nothing"), slog.New(slog.DiscardHandler))
		if l.Health() == nil {
			t.Error("it is well at once")
		}
		time.Sleep(fullTime)
		if err := l.Health(); err != nil {
			t.Errorf("after %v: %v", fullTime, err)
		}
	})
}
