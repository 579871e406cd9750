package live

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/eventlog/embedded"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/state"
)

type list struct {
	Items []string `json:"items"`
}

var (
	lists  = state.Define("live.list", state.Window(func(l list) list { return list{l.Items[max(0, len(l.Items)-2):]} }))
	listed = state.On(lists, "live.listed", func(l *list, e event.Of[string]) { l.Items = append(l.Items, e.Value) })
)

// ownOnly is a Rule by which everyone sees the key of their own name.
func ownOnly(r access.Right) error {
	if r.User != r.Key {
		return fault.New(fault.Forbidden, "this list is another's")
	}
	return nil
}

// What retention has removed is in the state, also after the program has been started
// again.
func TestServe_KeepsStatesOfALogOnDisk(t *testing.T) {
	dir := t.TempDir()
	run := func(fn func(log eventlog.Log, kept *States[list])) {
		log, err := embedded.Open(t.Context(), embedded.Options{Dir: dir, Retention: eventlog.Retention{MaxEvents: 50}, Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		defer log.Close()
		s, err := New(log, Options{Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		kept := Serve(s, lists, Everyone)
		s.Handler()
		fn(log, kept)
		if err := s.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	}
	items := func(kept *States[list]) int {
		l, _, err := kept.At(t.Context(), "red")
		if err != nil {
			t.Fatal(err)
		}
		return len(l.Items)
	}
	run(func(log eventlog.Log, kept *States[list]) {
		if n := items(kept); n != 0 { // and the log keeps events for checkpoints
			t.Errorf("the state begins with %d items", n)
		}
		for i := range 350 {
			if _, err := listed.Publish(t.Context(), log, lists.Topic("red"), strconv.Itoa(i)); err != nil {
				t.Fatal(err)
			}
		}
		if n := items(kept); n != 350 {
			t.Errorf("the state has %d items", n)
		}
		for held, until := 1000, time.Now().Add(timeout); held > 60; {
			page, err := log.Read(t.Context(), 0, 1000)
			if held = len(page.Events); err != nil || time.Now().After(until) {
				t.Fatalf("the log holds %d events (%v)", held, err)
			}
		}
	})
	run(func(_ eventlog.Log, kept *States[list]) {
		if n := items(kept); n != 350 {
			t.Errorf("after a restart the state has %d items", n)
		}
	})
}

func identifyByHeader(r *http.Request) (string, error) { return r.Header.Get("X-User"), nil }

func TestServe_AnswersWithTheState(t *testing.T) {
	log := eventlog.NewMemory(eventlog.Retention{MaxEvents: 10})
	s := newTestOn(t, log, Options{})
	kept := Serve(s, lists, Everyone)
	url := serveTest(t, s)
	for _, item := range []string{"a", "b", "<c>"} {
		id, err := listed.Publish(t.Context(), log, lists.Topic("red"), item)
		if err != nil {
			t.Fatal(err)
		}
		resp, body := ask(t, "GET", url+"/state?topic=live.list.red", "")
		if !strings.HasPrefix(body, `{"position":"`+id.String()+`","type":"`+lists.Fingerprint()+`","value":{"items":["a"`) {
			t.Errorf("after %s: %d %s", id, resp.StatusCode, body)
		}
	}
	whole, _ := ask(t, "GET", url+"/state?topic=live.list.red", "")
	_, body := ask(t, "GET", url+"/state?topic=live.list.red&window", "")
	if !strings.Contains(body, `"value":{"items":["b","\u003cc\u003e"]}`) {
		t.Errorf("the window is %s", body)
	}
	if again, body := ask(t, "GET", url+"/state?topic=live.list.red", "", "If-None-Match", whole.Header.Get("ETag")); again.StatusCode != 304 || body != "" {
		t.Errorf("an unchanged state: %d %s", again.StatusCode, body)
	}
	if _, body := ask(t, "GET", url+"/state?topic=live.list.blue", ""); !strings.Contains(body, `"value":{"items":null}`) {
		t.Errorf("a key without events: %s", body)
	}
	if got, at, err := kept.At(t.Context(), "red"); err != nil || len(got.Items) != 3 || at.Seq() != 3 {
		t.Errorf("At returned %v at %s (%v)", got, at, err)
	}
	if keys, err := kept.Keys(t.Context()); err != nil || len(keys) != 1 || keys[0] != "red" {
		t.Errorf("the keys are %v (%v)", keys, err)
	}
	if err := kept.Erase(t.Context(), "red"); err != nil {
		t.Fatal(err)
	}
	if got, _, err := kept.At(t.Context(), "red"); err != nil || len(got.Items) != 0 {
		t.Errorf("after an erasure: %v (%v)", got, err)
	}
}

func TestServe_AsksTheRuleForStatesAndStreams(t *testing.T) {
	log := eventlog.NewMemory(eventlog.Retention{})
	s := newTestOn(t, log, Options{Identify: identifyByHeader})
	Serve(s, lists, ownOnly)
	url := serveTest(t, s)
	for _, c := range []struct {
		path, user string
		status     int
	}{
		{"/state?topic=live.list.ann", "ann", 200},
		{"/state?topic=live.list.ann", "bob", 403},
		{"/state?topic=live.list.ann", "", 403},
		{"/state?topic=notes", "ann", 404},
		{"/state?topic=live.list.", "", 404},
		{"/state?topic=live.list.a..b", "a..b", 400},
		{"/state?topic=live.list.ann&topic=live.list.bob", "ann", 400},
		{"/state", "ann", 400},
		{"/poll?topic=live.list.ann&topic=notes", "ann", 200},
		{"/poll?topic=live.list.ann&topic=notes", "bob", 403},
		{"/poll?topic=live.list.ann&topic=elsewhere", "ann", 403},
	} {
		if resp, body := ask(t, "GET", url+c.path, "", "X-User", c.user); resp.StatusCode != c.status {
			t.Errorf("GET %s as %q: %d %s, want %d", c.path, c.user, resp.StatusCode, body, c.status)
		}
	}
}

func TestServe_DeniesWithoutARule(t *testing.T) {
	s := newTest(t, Options{})
	Serve(s, lists, nil)
	resp, body := ask(t, "GET", serveTest(t, s)+"/state?topic=live.list.red", "")
	checkFault(t, "a state without a rule", resp, body, fault.Forbidden)
}

// A kind that cannot be kept ends the server: it would be served smaller than it is.
func TestServe_EndsTheServerIfTheKindCannotBeKept(t *testing.T) {
	log := eventlog.NewMemory(eventlog.Retention{MaxEvents: 1})
	for range 3 {
		if _, err := listed.Publish(t.Context(), log, lists.Topic("red"), "a"); err != nil {
			t.Fatal(err)
		}
	}
	s := newTestOn(t, log, Options{Addr: "127.0.0.1:0"})
	kept := Serve(s, lists, Everyone)
	if err := s.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "state.FromRetained") {
		t.Errorf("Run returned %v", err)
	}
	if _, _, err := kept.At(t.Context(), "red"); err == nil || errors.Is(err, t.Context().Err()) {
		t.Errorf("At returned %v", err)
	}
}

// A downLog does not say what it holds.
type downLog struct{ eventlog.Log }

func (downLog) State(context.Context) (eventlog.State, error) {
	return eventlog.State{}, eventlog.ErrUnavailable
}

// It is for the caller to try again, as with a log that goes out of reach later.
func TestServe_IsUnavailableUntilTheLogIsReached(t *testing.T) {
	s := newTestOn(t, downLog{eventlog.NewMemory(eventlog.Retention{})}, Options{})
	kept := Serve(s, lists, Everyone)
	ended, end := context.WithCancel(t.Context())
	end()
	if _, _, err := kept.At(ended, "red"); !errors.Is(err, eventlog.ErrUnavailable) || !errors.Is(err, context.Canceled) {
		t.Errorf("At returned %v", err)
	}
}

// A lockedLog does not give its values until it is open.
type lockedLog struct {
	eventlog.Log
	open atomic.Bool
}

func (l *lockedLog) Get(ctx context.Context, name string) (eventlog.Value, error) {
	if !l.open.Load() {
		return eventlog.Value{}, eventlog.ErrUnavailable
	}
	return l.Log.Get(ctx, name)
}

// Pages that are drawn before would be without their states.
func TestServe_MakesTheServerReadyWhenStatesAreOpen(t *testing.T) {
	log := &lockedLog{Log: eventlog.NewMemory(eventlog.Retention{})}
	s := newTestOn(t, log, Options{})
	kept := Serve(s, lists, Everyone)
	s.Handler()
	<-s.streams.Ready()
	if err := s.ready(); !errors.Is(err, errOpening) {
		t.Errorf("ready before its states are open: %v", err)
	}
	if err := s.healthy(); err != nil {
		t.Errorf("healthy before its states are open: %v", err)
	}
	log.open.Store(true)
	if _, _, err := kept.At(t.Context(), "red"); err != nil {
		t.Error(err)
	}
	for what, report := range map[string]func() error{"ready": s.ready, "healthy": s.healthy} {
		if err := report(); err != nil {
			t.Errorf("%s with its states open: %v", what, err)
		}
	}
}
