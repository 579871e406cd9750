package site_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/sample/site"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

func edit(b *browser, id, text, key string) (chat.ChangeReply, *fault.Error) {
	b.rig.t.Helper()
	rep, refused, _ := mutate(b, chat.Edit, chat.EditRequest{Room: "lobby", ID: id, Text: text}, key)
	return rep, refused
}

func remove(b *browser, id, key string) (chat.ChangeReply, *fault.Error) {
	b.rig.t.Helper()
	rep, refused, _ := mutate(b, chat.Remove, chat.RemoveRequest{Room: "lobby", ID: id}, key)
	return rep, refused
}

// mustChange fails the test if a change was refused.
func mustChange(t *testing.T, rep chat.ChangeReply, refused *fault.Error) event.ID {
	t.Helper()
	if refused != nil || rep.ID.IsZero() {
		t.Fatalf("a change was answered %v, %+v", rep, refused)
	}
	return rep.ID
}

func wantRefusal(t *testing.T, what string, got *fault.Error, code fault.Code, field string) {
	t.Helper()
	if got == nil || got.Code != code || got.Field != field {
		t.Errorf("%s: answered %+v, want %s, field %q", what, got, code, field)
	}
}

func TestEditIsPublishedWhole(t *testing.T) {
	r := newRig(t)
	ann := r.newGuest()
	s := ann.open("room.lobby")
	id := r.written(ann, "helo")
	posted := receive(s, chat.Posted)
	first := posted.Value
	if first.ID != id || first.By != ann.guest || posted.Topic != "room.lobby" || first.Edited {
		t.Errorf("posted: %+v", posted)
	}
	rep, refused := edit(ann, id, "hello", "")
	at := mustChange(t, rep, refused)
	edited := receive(s, chat.Edited)
	want := first
	want.Text, want.Edited = "hello", true
	if edited.ID != at || edited.Topic != "room.lobby" || edited.Value != want {
		t.Errorf("edited: %+v, want %v %+v", edited, at, want)
	}
	rep, refused = remove(ann, id, "")
	at = mustChange(t, rep, refused)
	if gone := receive(s, chat.Removed); gone.ID != at || gone.Topic != "room.lobby" || gone.Value != (chat.Removal{ID: id}) {
		t.Errorf("removed: %+v", gone)
	}
}

func TestMessageThatIsGoneCannotBeChanged(t *testing.T) {
	r := newRig(t)
	ann, bob := r.newGuest(), r.newGuest()
	id := r.written(ann, "hi")
	rep, refused := remove(ann, id, "")
	first := mustChange(t, rep, refused)
	_, refused = edit(ann, id, "back", "")
	wantRefusal(t, "an edit after the removal", refused, fault.NotFound, "")
	rep, refused = remove(ann, id, "")
	if again := mustChange(t, rep, refused); again != first {
		t.Errorf("a second removal is answered %v, the first %v", again, first)
	}
	_, refused = remove(bob, id, "")
	wantRefusal(t, "a removal by another guest", refused, fault.Forbidden, "")
	_, refused = edit(ann, "nothing", "x", "")
	wantRefusal(t, "an edit of nothing", refused, fault.NotFound, "")
	_, refused = edit(ann, "", "x", "")
	wantRefusal(t, "an edit without an ID", refused, fault.NotFound, "")
	_, refused, _ = mutate(ann, chat.Edit, chat.EditRequest{Room: "deck", ID: id, Text: "x"}, "")
	wantRefusal(t, "an edit in another room", refused, fault.NotFound, "")
	_, refused, _ = mutate(ann, chat.Remove, chat.RemoveRequest{Room: "a.b", ID: id}, "")
	wantRefusal(t, "a removal in no room", refused, fault.Invalid, "room")
	_, refused = edit(ann, id, " \n", "")
	wantRefusal(t, "an edit to nothing", refused, fault.Invalid, "text")
	_, refused = edit(ann, id, strings.Repeat("x", chat.MaxText+1), "")
	wantRefusal(t, "a long edit", refused, fault.Invalid, "text")
}

// A program cannot prove that a message is its own.
func TestProgramsMessageCannotBeChanged(t *testing.T) {
	r := newRig(t)
	program, ann := r.program(), r.newGuest()
	s := ann.open("room.lobby")
	mustMutate(program, chat.Post, chat.PostRequest{Room: "lobby", Author: "bot", Text: "hi"}, "k")
	_, m := receiveValue(s, chat.Posted)
	if m.By != "" || m.Author != "bot" {
		t.Errorf("posted: %+v", m)
	}
	_, refused := edit(ann, m.ID, "x", "")
	wantRefusal(t, "a guest's edit", refused, fault.Forbidden, "")
	_, refused = remove(program, m.ID, "")
	wantRefusal(t, "its own removal", refused, fault.Unauthenticated, "")
}

// A client that knows a key must not be able to overwrite what was posted under
// it.
func TestMessageIDIsItsAuthorsOwn(t *testing.T) {
	r := newRig(t)
	ann, bob, program, other := r.newGuest(), r.newGuest(), r.program(), r.program()
	s := ann.open("room.lobby")
	hi := chat.PostRequest{Room: "lobby", Author: "x", Text: "hi"}
	post := func(b *browser, author, text, key string) string {
		mustMutate(b, chat.Post, chat.PostRequest{Room: "lobby", Author: author, Text: text}, key)
		_, m := receiveValue(s, chat.Posted)
		return m.ID
	}
	ids := map[string]string{
		"ann's":                     post(ann, "x", "hi", "k"),
		"bob's":                     post(bob, "x", "hi", "k"),
		"a program's":               post(program, "x", "hi", "k"),
		"one with ann's ID as key":  post(other, "x", "hi", chat.MessageID(ann.guest, "k", hi)),
		"one without a key":         post(other, "x", "hi", ""),
		"another without a key":     post(other, "x", "hi", ""),
		"ann's without a key":       post(ann, "x", "hi", ""),
		"ann's other without a key": post(ann, "x", "hi", ""),
	}
	if ids["ann's"] != chat.MessageID(ann.guest, "k", hi) {
		t.Errorf("ann's message is %q, which her page cannot know", ids["ann's"])
	}
	seen := map[string]string{}
	for whose, id := range ids {
		if other, taken := seen[id]; taken || id == "" {
			t.Errorf("%s has the ID of %s: %q", whose, other, id)
		}
		seen[id] = whose
	}
}

func TestRetryIsOneMessageAndOneChange(t *testing.T) {
	r := newRig(t)
	ann := r.newGuest()
	req := chat.PostRequest{Room: "lobby", Author: "x", Text: "hi"}
	first, again := mustMutate(ann, chat.Post, req, "k"), mustMutate(ann, chat.Post, req, "k")
	if first != again {
		t.Errorf("a post is answered %v, its retry %v", first, again)
	}
	id := chat.MessageID(ann.guest, "k", req)
	rep, refused := edit(ann, id, "ho", "k2")
	one := mustChange(t, rep, refused)
	rep, refused = edit(ann, id, "ho", "k2")
	if two := mustChange(t, rep, refused); one != two {
		t.Errorf("an edit is answered %v, its retry %v", one, two)
	}
	rep, refused = remove(ann, id, "k3")
	one = mustChange(t, rep, refused)
	rep, refused = remove(ann, id, "k3")
	if two := mustChange(t, rep, refused); one != two {
		t.Errorf("a removal is answered %v, its retry %v", one, two)
	}
	if got := r.count("room.lobby"); got != 3 {
		t.Errorf("the room has %d events, want a post, an edit and a removal", got)
	}
}

// count returns how many events a topic has.
func (r *rig) count(topic string) int { return len(r.events(topic)) }

// events returns the events of the topics, or of all topics if none are named, that are
// in the log.
func (r *rig) events(topics ...string) []event.Event {
	r.t.Helper()
	page, err := r.log.Read(r.t.Context(), 0, 20_000, topics...)
	if err != nil {
		r.t.Fatal(err)
	}
	return page.Events
}

// Two nodes on one log: what was posted on one can be changed on the other at
// once, and after any mix of changes from both none follows the removal.
func TestChangesFromTwoNodesAreInOrder(t *testing.T) {
	a := newRig(t)
	b := newRig(t, func(o *site.Options) { o.Log, o.Node = a.log, "b" })
	ann := a.newGuest()
	there := b.program()
	there.client = &http.Client{Transport: withCookie(ann.client.Jar.Cookies(mustURL(t, a.url))[0].String())}
	for i := range 20 {
		id := a.written(ann, fmt.Sprint("message ", i))
		rep, refused := edit(there, id, "at once", "")
		mustChange(t, rep, refused)
		var all sync.WaitGroup
		for j, author := range []*browser{ann, there, ann, there} {
			all.Go(func() {
				if j == 2 {
					remove(author, id, "")
				} else {
					edit(author, id, fmt.Sprint("edit ", j), "")
				}
			})
		}
		all.Wait()
	}
	gone := map[string]bool{}
	for _, e := range a.events("room.lobby") {
		if m, err := chat.Edited.Decode(e); err == nil && gone[m.Value.ID] {
			t.Errorf("%s was edited after it was removed", m.Value.ID)
		}
		if m, err := chat.Removed.Decode(e); err == nil {
			gone[m.Value.ID] = true
		}
	}
	if len(gone) != 20 {
		t.Errorf("%d messages were removed, want 20", len(gone))
	}
}

// An interloper comes between the look for a message and what is done to it.
type interloper struct {
	eventlog.Log
	comes func(log eventlog.Log)
}

func (l *interloper) AppendAll(ctx context.Context, drafts []event.Draft) ([]event.ID, error) {
	if drafts[0].Type == chat.Edited.Name() && l.comes != nil {
		l.comes(l.Log)
	}
	return l.Log.AppendAll(ctx, drafts)
}

func TestEditThatARemovalOvertakesIsRefused(t *testing.T) {
	log := &interloper{Log: eventlog.NewMemory(eventlog.Retention{})}
	r := newRig(t, func(o *site.Options) { o.Log = log })
	ann := r.newGuest()
	id := r.written(ann, "hi")
	log.comes = func(inner eventlog.Log) {
		log.comes = nil
		if _, err := chat.Removed.Publish(t.Context(), inner, "room.lobby", chat.Removal{ID: id}); err != nil {
			t.Error(err)
		}
	}
	_, refused := edit(ann, id, "back", "")
	wantRefusal(t, "the edit", refused, fault.NotFound, "")
	log.comes = func(eventlog.Log) { r.append(chat.Posted, "room.lobby", chat.Message{ID: "other"}) }
	again := r.written(ann, "ho")
	_, refused = edit(ann, again, "busy", "")
	if wantRefusal(t, "an edit in a busy room", refused, fault.Unavailable, ""); refused == nil || !refused.Retry {
		t.Errorf("answered %+v, which no client retries", refused)
	}
	for _, e := range r.events("room.lobby") {
		if e.Type() == chat.Edited.Name() {
			t.Errorf("there was an edit: %s", e.Data())
		}
	}
}

// append publishes as another program on the log would.
func (r *rig) append(of event.Type[chat.Message], topic string, m chat.Message) event.ID {
	r.t.Helper()
	id, err := of.Publish(r.t.Context(), r.log, topic, m)
	if err != nil {
		r.t.Fatal(err)
	}
	return id
}
