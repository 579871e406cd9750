//go:build !js

package page

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/live"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/presence"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/sample/vitals"
)

// A host has a history of the lobby, and an event of each other kind.
type host struct{ lobby chat.History }

func (host) URL(path string) string             { return path }
func (host) Version() string                    { return "v1" }
func (host) WasmSize() int64                    { return 0 }
func (host) Sees(context.Context, string) error { return nil }
func (host) Root() string                       { return "/" }
func (host) Unchanged(context.Context, event.ID, ...string) (bool, error) {
	return false, errors.New("there is no log")
}

func (h host) Snapshot(_ context.Context, topics []string, last int) (all []event.Event, at event.ID, err error) {
	drafts := map[string]func(topic string) (event.Draft, error){
		vitals.ClockTopic: func(topic string) (event.Draft, error) {
			return vitals.Ticked.Draft(topic, vitals.Tick{Message: "noon", At: time.Unix(1e9, 0), Number: 7})
		},
		vitals.SamplesTopic: func(topic string) (event.Draft, error) {
			return vitals.Sampled.Draft(topic, vitals.Sample{At: time.Unix(1e9, 0)})
		},
	}
	for i, topic := range topics {
		d, err := drafts[topic](topic)
		if err != nil {
			return nil, event.ID{}, err
		}
		e, err := event.New(event.NewID("e1", uint64(1000+i), "k"), d, time.Unix(1e9, 0))
		if err != nil {
			return nil, event.ID{}, err
		}
		all = append(all, e)
	}
	if topics[0] == vitals.SamplesTopic && last < 1200 {
		return nil, event.ID{}, errors.New("a chart of four nodes needs 1200 samples")
	}
	return all, event.NewID("e1", 1002, "k"), nil
}

func (h host) State(_ context.Context, topic string) ([]byte, string, event.ID, error) {
	state := chat.Histories.New()
	switch topic {
	case guest.Here.Topic(presence.Site):
		here := presence.Here[guest.Guest]{Nodes: map[string]presence.Section[guest.Guest]{"a": {Total: 12345}}}
		value, err := guest.Here.Lists().Encode(&here)
		return value, guest.Here.Lists().Fingerprint(), event.NewID("e1", 1001, "k"), err
	case chat.Topic("lobby"):
		state = h.lobby
	case chat.Topic("deck"):
	default:
		return nil, "", event.ID{}, errors.New("there is no such state")
	}
	value, err := chat.Histories.Encode(&state)
	return value, chat.Histories.Fingerprint(), event.NewID("e1", 1001, "k"), err
}

// get returns the HTML of a page.
func get(t *testing.T, h live.Host, path string) string {
	t.Helper()
	w := httptest.NewRecorder()
	Handler(h).ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	if w.Code != 200 {
		t.Fatalf("%s: status %d", path, w.Code)
	}
	return w.Body.String()
}

// Each package brings its own, and the wasm has none of them.
func TestHandlerServesTheStylesOfWhatThePagesAreMadeOf(t *testing.T) {
	w := httptest.NewRecorder()
	Handler(host{}).ServeHTTP(w, httptest.NewRequest("GET", "/seaway.css", nil))
	for _, want := range []string{".livelist-bar", ".inspect.open", ".seaway-status", "--seaway-ink:"} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("the sheet has no %s", want)
		}
	}
}

func TestHandlerDrawsMessagesForBrowsersWithoutScripts(t *testing.T) {
	lobby := newRoomLog(t, "lobby").post("a message", "removed").edit("a message", "a <message>").remove("removed")
	html := get(t, host{lobby.h}, "/room/lobby")
	body, carried, _ := strings.Cut(html, `<script type="application/json"`)
	if !strings.Contains(body, "a &lt;message&gt;") || !strings.Contains(body, "01:46:40 UTC") || !strings.Contains(body, "12345") || strings.Contains(body, `data-id="removed"`) {
		t.Errorf("the page's body is %s", body)
	}
	if !strings.Contains(carried, `a \u003cmessage\u003e`) {
		t.Errorf("it carries %s", carried)
	}
	if other := get(t, host{lobby.h}, "/room/deck"); strings.Contains(strings.Split(other, `<script type="application/json"`)[0], "&lt;message") {
		t.Error("another room shows it, too")
	}
}

// What the server draws is the same for all users.
func TestHandlerDrawsNoInbox(t *testing.T) {
	html := get(t, host{chat.Histories.New()}, "/inbox")
	if !strings.Contains(html, "need JavaScript to load") || strings.Contains(html, `<li class="notice`) || strings.Contains(html, "user.") {
		t.Errorf("the inbox is %s", html)
	}
}

// sessionAt returns the session that the server draws a path with.
func sessionAt(h live.Host, path string) (s *session) {
	routes := live.Routes{"/": func(live.Request) app.Composer {
		s = newSession(path)
		return &footer{Words: &s.words.Frame}
	}}
	pages := live.Handler(h, live.Site{Routes: routes, Icon: app.Icon{SVG: "/web/icon.svg"}})
	pages.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	return s
}

func TestSessionBeginsWithWhatTheServerHasRead(t *testing.T) {
	h := host{newRoomLog(t, "lobby").post(numbers(1, 60)...).h}
	s := sessionAt(h, "/room/lobby")
	shows(t, "at first", s.model, "lobby", numbers(61-chat.Newest, 60)...)
	if each, all := s.unread(); all != 0 || s.tick.Message != "noon" || s.presence.total != 12345 || len(s.samples) != 0 {
		t.Errorf("it has %v unread, %v, %v and %v", each, s.tick, s.presence, s.samples)
	}
	if d := sessionAt(h, "/dashboard"); len(d.samples) != 1 || d.histories["lobby"].Known() {
		t.Errorf("the dashboard begins with %v, and with the lobby: %v", d.samples, d.histories["lobby"].Known())
	}
	if s.inbox.Known() || s.unsent() {
		t.Error("it knows a user")
	}
}
