package site

import (
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/live"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/sample/inbox"
	"github.com/seawaykit/seaway/shared/sample/vitals"
	"github.com/seawaykit/seaway/shared/state"
)

// A past payload holds the present one in a field: read as the present type, it is
// empty.
type past[T any] struct {
	Was T `json:"was"`
}

// predecessor defines a type that the given one has taken the place of.
func predecessor[T any](of event.Type[T]) event.Type[past[T]] {
	older := event.Define[past[T]](of.Name() + ".past")
	event.Upcast(older, of,
		func(p past[T]) T { return p.Was },
		func(v T) past[T] { return past[T]{v} })
	return older
}

var (
	pastPosted  = predecessor(chat.Posted)
	pastEdited  = predecessor(chat.Edited)
	pastRemoved = predecessor(chat.Removed)
	pastSampled = predecessor(vitals.Sampled)
	pastTicked  = predecessor(vitals.Ticked)
	pastNoticed = predecessor(inbox.Noticed)
	pastMarked  = predecessor(inbox.MarkerMoved)
	pastNamed   = predecessor(named)
)

// store publishes as a server of the last release did.
func store[T any](t *testing.T, log eventlog.Log, of event.Type[past[T]], topic string, v T) event.ID {
	t.Helper()
	id, err := of.Publish(t.Context(), log, topic, past[T]{v})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// quietSite returns a site that publishes nothing, over a log in memory.
func quietSite(t *testing.T) (*Site, eventlog.Log) {
	t.Helper()
	log := eventlog.NewMemory(eventlog.Retention{})
	s, err := newSite(Options{Log: log, Live: live.Options{Logger: slog.New(slog.DiscardHandler)}})
	if err != nil {
		t.Fatal(err)
	}
	s.server.Handler() // starts it
	now, cutAll := context.WithCancel(context.Background())
	cutAll()
	t.Cleanup(func() { s.server.Shutdown(now) })
	return s, log
}

// The page resumes after the position of its first HTML: what that leaves out never
// arrives.
func TestPageHoldsEventsOfPastTypes(t *testing.T) {
	s, log := quietSite(t)
	room := chat.Topic("lobby")
	store(t, log, pastPosted, room, chat.Message{ID: "kept", Author: "x", Text: "is kept"})
	store(t, log, pastPosted, room, chat.Message{ID: "changed", Author: "x", Text: "the first text"})
	store(t, log, pastEdited, room, chat.Message{ID: "changed", Author: "x", Text: "the second text"})
	store(t, log, pastPosted, room, chat.Message{ID: "removed", Author: "x", Text: "is removed"})
	store(t, log, pastRemoved, room, chat.Removal{ID: "removed"})
	store(t, log, pastSampled, vitals.SamplesTopic, vitals.Sample{At: time.Now(), Goroutines: 4711})
	store(t, log, pastTicked, vitals.ClockTopic, vitals.Tick{Message: "it is noon", At: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)})
	page := func(path string) string {
		w := httptest.NewRecorder()
		s.server.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", path, nil))
		html, _, _ := strings.Cut(w.Body.String(), `<script type="application/json"`)
		return html
	}
	lobby := page("/room/lobby")
	for text, want := range map[string]bool{
		"is kept": true, "the first text": false, "the second text": true, "is removed": false, "12:00:00 UTC": true,
	} {
		if got := strings.Contains(lobby, text); got != want {
			t.Errorf("the page shows %q: %v, want %v", text, got, want)
		}
	}
	if dashboard := page("/dashboard"); !strings.Contains(dashboard, "4,711") && !strings.Contains(dashboard, "4711") {
		t.Errorf("the dashboard shows no sample: %s", dashboard)
	}
}

func TestMessageOfAPastTypeIsFound(t *testing.T) {
	s, log := quietSite(t)
	room := chat.Topic("lobby")
	store(t, log, pastPosted, room, chat.Message{ID: "a", By: "ann", Text: "first"})
	find := func() (line chat.Line, last event.ID) {
		h, _, err := s.rooms.At(t.Context(), "lobby")
		if err != nil {
			t.Fatal(err)
		}
		return h.Lines["a"], h.Last
	}
	if line, _ := find(); line.Text != "first" || !line.Removed.IsZero() {
		t.Errorf("posted: found %+v", line)
	}
	edit := store(t, log, pastEdited, room, chat.Message{ID: "a", By: "ann", Text: "second"})
	if line, last := find(); line.Text != "second" || last != edit {
		t.Errorf("edited: found %+v", line)
	}
	removal := store(t, log, pastRemoved, room, chat.Removal{ID: "a"})
	if line, _ := find(); line.Removed != removal {
		t.Errorf("removed: found %+v, want the removal %v", line, removal)
	}
}

func TestInboxHoldsEventsOfPastTypes(t *testing.T) {
	s, log := quietSite(t)
	id := store(t, log, pastNoticed, inbox.Topic("ann"), inbox.Notice{ID: "n", Text: "hi"})
	store(t, log, pastMarked, inbox.Topic("ann"), inbox.ReadMarker{UpTo: id})
	b, _, err := s.inboxes.At(t.Context(), "ann")
	if err != nil || len(b.Entries) != 1 || b.Entries[0].Event != id || b.Entries[0].Text != "hi" || b.UpTo != id {
		t.Errorf("the inbox is %+v, %v", b, err)
	}
}

func TestNameOfAPastTypeIsRead(t *testing.T) {
	s, log := quietSite(t)
	store(t, log, pastNamed, namesTopic, guest.Guest{ID: "ann", Name: "Ann"})
	if g, err := s.guest(t.Context(), "ann"); err != nil || g.Name != "Ann" {
		t.Errorf("she is called %q, %v", g.Name, err)
	}
}

// A release that was rolled back has left an event of a type that only it knows. What
// it does to the inbox is not known, so that is an error and not a smaller inbox.
// Others are as they were, and mentions reach the inbox for the release that knows it.
func TestInboxWithAnEventOfAnUnknownTypeIsAnError(t *testing.T) {
	s, log := quietSite(t)
	topic := inbox.Topic("ann")
	if _, err := log.Append(t.Context(), event.Draft{Topic: topic, Type: "inbox.marked.later", Data: []byte("[]")}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.inboxes.At(t.Context(), "ann"); !errors.Is(err, state.ErrUnknownType) {
		t.Errorf("the inbox: %v, want that its type is unknown", err)
	}
	if _, _, err := s.inboxes.At(t.Context(), "bob"); err != nil {
		t.Errorf("another inbox: %v", err)
	}
	store(t, log, pastNamed, namesTopic, guest.Guest{ID: "ann", Name: "Ann"})
	if g, err := s.guest(t.Context(), "ann"); err != nil || g.Name != "Ann" {
		t.Errorf("she is called %q, %v", g.Name, err)
	}
	if err := s.postTo(t.Context(), "lobby", "hi, @ann"); err != nil {
		t.Errorf("a mention: %v", err)
	}
	if page, err := log.Read(t.Context(), 0, 10, topic); err != nil || len(page.Events) != 2 {
		t.Errorf("the log has %d events of the inbox, %v; want the mention, too", len(page.Events), err)
	}
}
