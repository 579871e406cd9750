package ops_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/server/ops"
	"github.com/seawaykit/seaway/server/sse"
)

func get(t *testing.T, s ops.Sources, path string) (status int, body string) {
	t.Helper()
	w := httptest.NewRecorder()
	ops.Handler(s).ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	text, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Code, string(text)
}

func TestMetricsAreThoseOfTheMoment(t *testing.T) {
	s := ops.Sources{
		Streams: func() sse.Stats {
			return sse.Stats{Fast: 3, Plain: 2, Blocked: 1, Opened: 9, Events: 70, Bytes: 800, Faults: 4, Resets: 5, Slow: 6, Replays: 7}
		},
		Hub: func() fanout.Stats {
			return fanout.Stats{Events: 11, Bytes: 1200, Head: 42, HeadAge: 1500e6, Lag: 13, Cursors: 5, LogReads: 2, Pages: 8}
		},
	}
	s.Log = func() (eventlog.State, error) { return eventlog.State{Events: 17, Bytes: 1900}, nil }
	status, body := get(t, s, "/metrics")
	if status != 200 {
		t.Fatalf("status %d: %s", status, body)
	}
	for _, line := range []string{
		`seaway_streams{path="fast"} 3`, `seaway_streams{path="plain"} 2`, "seaway_streams_blocked 1",
		"seaway_streams_opened_total 9", "seaway_deliveries_total 70", "seaway_bytes_total 800",
		"seaway_faults_total 4", "seaway_resets_total 5", "seaway_slow_readers_total 6", "seaway_replays_total 7",
		"seaway_ring_events 11", "seaway_ring_bytes 1200", "seaway_head_seq 42", "seaway_head_age_seconds 1.5",
		"seaway_lag_events 13", "seaway_cursors 5", "seaway_log_reads 2", "seaway_log_pages_total 8", "seaway_log_events 17", "seaway_log_bytes 1900",
		"# TYPE seaway_deliveries_total counter", "# TYPE seaway_streams gauge",
	} {
		if !strings.Contains(body, line+"\n") {
			t.Errorf("no line %q", line)
		}
	}
	if !strings.Contains(body, "\ngo_goroutines ") || !strings.Contains(body, "\nprocess_cpu_seconds_total ") {
		t.Error("the runtime's or the process's figures are missing")
	}
	s.Log = func() (eventlog.State, error) { return eventlog.State{}, eventlog.ErrUnavailable }
	status, body = get(t, s, "/metrics")
	if status != 200 || strings.Contains(body, "seaway_log_events") || !strings.Contains(body, "seaway_ring_events 11\n") {
		t.Errorf("while the log is out of reach: status %d, %s", status, body)
	}
}

func TestHealthReadinessAndLivenessDiffer(t *testing.T) {
	full, unreachable := errors.New("the disk is full"), errors.New("the log cannot be reached")
	sources := func(healthy, ready error) ops.Sources {
		return ops.Sources{Healthy: func() error { return healthy }, Ready: func() error { return ready }}
	}
	tests := []struct {
		name                  string
		handler               http.Handler
		healthz, readyz, live string
	}{
		{"all is well", ops.Handler(sources(nil, nil)), "200 ok\n", "200 ok\n", "200 ok\n"},
		{"a full disk", ops.Handler(sources(full, nil)), "503 the disk is full\n", "200 ok\n", "200 ok\n"},
		{"the log is out of reach", ops.Handler(sources(errors.Join(full, unreachable), unreachable)),
			"503 the disk is full\nthe log cannot be reached\n", "503 the log cannot be reached\n", "200 ok\n"},
		{"a start", ops.Starting(unreachable), "503 the log cannot be reached\n", "503 the log cannot be reached\n", "200 ok\n"},
	}
	for _, test := range tests {
		for path, want := range map[string]string{"/healthz": test.healthz, "/readyz": test.readyz, "/livez": test.live} {
			w := httptest.NewRecorder()
			test.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
			if got := fmt.Sprint(w.Code, " ", w.Body); got != want {
				t.Errorf("%s: %s is %q, want %q", test.name, path, got, want)
			}
		}
	}
	if status, _ := get(t, sources(nil, nil), "/"); status != 404 {
		t.Errorf("/: %d", status)
	}
}
