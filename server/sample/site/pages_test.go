package site_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/sample/site"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/inbox"
	"github.com/seawaykit/seaway/shared/sample/vitals"
)

// A firstPage is what a page's HTML is drawn from, and carries to the browser.
type firstPage struct {
	t      *testing.T
	html   string
	Events []struct {
		ID    event.ID        `json:"id"`
		Topic string          `json:"topic"`
		Type  string          `json:"type"`
		Data  json.RawMessage `json:"data"`
	} `json:"events"`
	Position event.ID `json:"position"`
	States   []struct {
		Topic    string          `json:"topic"`
		Position event.ID        `json:"position"`
		Value    json.RawMessage `json:"value"`
	} `json:"states"`
}

// page gets a page.
func (r *rig) page(path string) (p firstPage) {
	r.t.Helper()
	p.t = r.t
	_, p.html = r.program().get(path)
	m := regexp.MustCompile(`(?s)<script type="application/json" id="seaway-first">(.*?)</script>`).FindStringSubmatch(p.html)
	if m == nil {
		r.t.Fatalf("the page carries nothing: %.500s", p.html)
	}
	if err := json.Unmarshal([]byte(m[1]), &p); err != nil {
		r.t.Fatal(err)
	}
	return p
}

// room returns the state of a room that the page carries.
func (p firstPage) room(name string) (h chat.History) {
	p.t.Helper()
	for _, s := range p.States {
		if s.Topic == chat.Topic(name) {
			if err := json.Unmarshal(s.Value, &h); err != nil {
				p.t.Fatal(err)
			}
			return h
		}
	}
	p.t.Errorf("the page does not have the room %q", name)
	return h
}

// has reports whether the page carries an event of a topic.
func (p firstPage) has(topic string) bool {
	for _, e := range p.Events {
		if e.Topic == topic {
			return true
		}
	}
	return false
}

// row returns what the page shows of a message, empty if it does not.
func (p firstPage) row(id string) string {
	_, row, _ := strings.Cut(p.html, `data-id="`+id+`"`)
	row, _, _ = strings.Cut(row, "</li>")
	return row
}

func TestPageShowsMessagesAsTheyAreNow(t *testing.T) {
	r := newRig(t)
	ann := r.newGuest()
	ann.open("room.lobby")
	kept, edited, removed := r.written(ann, "kept"), r.written(ann, "edited"), r.written(ann, "removed")
	rep, refused := edit(ann, edited, "changed", "")
	mustChange(t, rep, refused)
	rep, refused = remove(ann, removed, "")
	at := mustChange(t, rep, refused)
	mustMutate(ann, chat.Post, chat.PostRequest{Room: "engine", Author: "x", Text: "in the engine"}, "k")
	var p firstPage
	until(t, "the page has all of it", func() bool {
		p = r.page("/room/lobby")
		return p.has(vitals.ClockTopic) && strings.Contains(p.html, "Current time is") &&
			strings.Contains(p.html, `id="present">1<`) && p.Position.Seq() > at.Seq()
	})
	if got, want := texts(p.room("lobby")), []string{"kept", "changed"}; !slices.Equal(got, want) {
		t.Errorf("the lobby holds %q, want %q", got, want)
	}
	for id, want := range map[string]string{kept: "kept", edited: "changed"} {
		if got := p.row(id); !strings.Contains(got, want) {
			t.Errorf("the row of %q is %.300q", want, got)
		}
	}
	if got := p.row(removed); got != "" {
		t.Errorf("the removed message has the row %.300q", got)
	}
	if got, want := texts(r.page("/room/engine").room("engine")), []string{"in the engine"}; !slices.Equal(got, want) {
		t.Errorf("the engine holds %q, want %q", got, want)
	}
}

// Each page carries what it shows, and no more.
func TestPageCarriesItsOwnDataOnly(t *testing.T) {
	r := newRig(t)
	until(t, "the log has all kinds of events", func() bool {
		return r.page("/dashboard").has(vitals.SamplesTopic) && len(r.page("/").ticks()) > 2
	})
	for path, want := range map[string]string{
		"/": "", "/inbox": "", "/compare": "", "/dashboard": "guests.site",
		"/room/lobby": "room.lobby guests.site", "/room/deck": "room.deck guests.site", "/board/red": "board.red guests.board.red",
	} {
		p := r.page(path)
		states := ""
		for _, s := range p.States {
			states += " " + s.Topic
		}
		if states = strings.TrimSpace(states); states != want || p.has(vitals.SamplesTopic) != (path == "/dashboard") {
			t.Errorf("%s carries the states %q, and samples: %v", path, states, p.has(vitals.SamplesTopic))
		}
		if n := len(p.ticks()); n == 0 || n > 1 && path != "/" || n > 12 {
			t.Errorf("%s carries %d ticks", path, n)
		}
	}
}

// ticks returns the numbers of the ticks that the page carries.
func (p firstPage) ticks() (numbers []int) {
	for _, e := range p.Events {
		var v vitals.Tick
		if e.Topic == vitals.ClockTopic && json.Unmarshal(e.Data, &v) == nil {
			numbers = append(numbers, v.Number)
		}
	}
	return numbers
}

// A message that was acknowledged is in every page that is loaded afterwards.
func TestPageHasWhatWasAcknowledged(t *testing.T) {
	r := newRig(t)
	for i := range 50 {
		id := r.append(chat.Posted, "room.lobby", chat.Message{ID: fmt.Sprint("m", i), Text: "x"})
		p := r.page("/room/lobby")
		if p.room("lobby").Last != id || p.row(fmt.Sprint("m", i)) == "" {
			t.Fatalf("the page lacks message %d", i)
		}
	}
}

// A busy room takes nothing from the others, and a page begins with the newest
// messages only.
func TestPageHasTheNewestOfEveryRoom(t *testing.T) {
	r := newRig(t, func(o *site.Options) { o.Log = eventlog.NewMemory(eventlog.Retention{MaxEvents: 1000}) })
	r.room("lobby") // from here on the log keeps events for the states
	r.append(chat.Posted, "room.lobby", chat.Message{ID: "quiet", Text: "x"})
	for i := range 1500 {
		r.append(chat.Posted, "room.deck", chat.Message{ID: fmt.Sprint("m", i), Text: "x"})
	}
	if deck := r.page("/room/deck").room("deck"); len(deck.Order) != chat.Newest || deck.Order[chat.Newest-1] != "m1499" {
		t.Errorf("the busy room has %d messages, up to %v", len(deck.Order), deck.Last)
	}
	p := r.page("/room/lobby")
	if got := p.room("lobby"); len(got.Order) != 1 || p.row("quiet") == "" {
		t.Errorf("the quiet room has %d messages", len(got.Order))
	}
}

// The HTML is the same for everyone.
func TestPageCarriesNothingOfItsUsersInbox(t *testing.T) {
	r := newRig(t)
	ann, bob := r.named("Ann"), r.named("Bob")
	say(bob, "@ann, keep this to yourself", "")
	if got := inboxOf(ann); len(got.Entries) != 1 {
		t.Fatalf("the inbox is %+v", got)
	}
	for _, path := range []string{"/inbox", "/dashboard"} {
		_, html := ann.get(path)
		if strings.Contains(html, inbox.Topic(ann.guest)) {
			t.Errorf("%s carries the inbox", path)
		}
	}
}
