package live

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/eventlog/embedded"
)

// Two kinds are kept by one server, and one whose record was written by an older
// program, and that no program serves any more, is reported and can be forgotten.
func TestServer_ReportsAndForgetsAKindThatIsNotServed(t *testing.T) {
	log := eventlog.NewMemory(eventlog.Retention{MaxEvents: 10})
	older := newTestOn(t, log, Options{})
	kept := Serve(older, lists, Everyone)
	if _, err := listed.Publish(t.Context(), log, lists.Topic("red"), "a"); err != nil {
		t.Fatal(err)
	}
	if got, _, err := kept.At(t.Context(), "red"); err != nil || len(got.Items) != 1 {
		t.Fatalf("the state is %v (%v)", got, err)
	}
	if err := older.Forget(t.Context(), "live.list"); err == nil || !strings.Contains(err.Error(), "served by this program") {
		t.Errorf("a kind that is served is forgotten: %v", err)
	}
	if err := older.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}

	var lines safeBuffer
	newer := newTestOn(t, log, Options{Logger: slog.New(slog.NewTextHandler(&lines, nil))})
	newer.reportForeign(t.Context())
	for range 30 {
		if _, err := written.Publish(t.Context(), log, topic, note{"x"}); err != nil {
			t.Fatal(err)
		}
	}
	if got := lines.String(); !strings.Contains(got, "-forget-kind") || !strings.Contains(got, "kind=live.list") {
		t.Errorf("the log has %q", got)
	}
	if page, err := log.Read(t.Context(), 0, 100); err != nil || len(page.Events) < 30 {
		t.Errorf("the log holds %d events (%v): the kind that is not served keeps none", len(page.Events), err)
	}
	if err := newer.Forget(t.Context(), "live.list"); err != nil {
		t.Fatal(err)
	}
	if page, err := log.Read(t.Context(), 0, 100); err != nil || len(page.Events) > 10 {
		t.Errorf("after the kind was forgotten the log holds %d events (%v)", len(page.Events), err)
	}
}

// An operator forgets a kind by a flag of the release that does not serve it, which may
// stay set.
func TestMain_ForgetsKinds(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	log, err := embedded.Open(t.Context(), embedded.Options{Dir: dir, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(log, Options{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	Serve(s, lists, Everyone)
	s.Handler()
	if err := s.keeps(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Shutdown(context.Background()); err != nil {
		t.Fatal(err)
	}
	log.Close()

	for _, logged := range []string{"a kind of state was forgotten", "there is nothing to forget"} {
		r := start(t, testProgram(), "-addr", "127.0.0.1:0", "-data", dir, "-forget-kind", "live.list, ")
		url(t, r.lines, "listening")
		r.stop()
		if status := within(t, "the end", r.status); status != 0 || !strings.Contains(r.stderr.String(), logged) {
			t.Errorf("status %d, %q, want %q", status, r.stderr.String(), logged)
		}
	}
}
