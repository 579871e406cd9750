package jetstream

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/seawaykit/seaway/server/eventlog"
)

// Without a quorum nothing proves that there is no value: a leader without followers
// answers for 10 to 20 s, and a replica without a leader always.
func TestValueIsMissingOnlyWithAQuorum(t *testing.T) {
	for _, test := range []struct {
		name        string
		leader      string
		lastContact time.Duration
		proved      bool
	}{
		{"a leader with followers", "a", time.Second, true},
		{"a leader without followers", "a", 5 * time.Second, false},
		{"a replica without a leader", "", time.Second, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := fake(t, &replica{has: []int{0}})
			l.values = &Log{nc: l.nc, js: l.js, o: l.o.valueOptions(), open: l.open}
			respond(t, l.nc, "$JS.API.STREAM.MSG.GET.FAKE-VALUES", map[string]any{"error": map[string]any{"code": 404, "err_code": codeNotFound}})
			info := led(test.leader, test.lastContact, test.lastContact)
			info.Config.Name = "FAKE-VALUES"
			respond(t, l.nc, "$JS.API.STREAM.INFO.FAKE-VALUES", info)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			if !test.proved {
				ctx, cancel = context.WithTimeout(t.Context(), 300*time.Millisecond)
			}
			defer cancel()
			want := eventlog.ErrUnavailable
			if test.proved {
				want = eventlog.ErrNoValue
			}
			if _, err := l.Get(ctx, "v"); !errors.Is(err, want) {
				t.Errorf("get: %v, want %v", err, want)
			}
			if _, err := l.Names(ctx, ""); err == nil != test.proved {
				t.Errorf("names: %v", err)
			}
		})
	}
}

func respond(t *testing.T, nc *nats.Conn, subject string, answer any) {
	t.Helper()
	text, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := nc.Subscribe(subject, func(m *nats.Msg) { m.Respond(text) }); err != nil {
		t.Fatal(err)
	}
}
