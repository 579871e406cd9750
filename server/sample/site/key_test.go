package site_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/sample/site"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/sample/inbox"
)

// raw sends a command's body as it is, and returns the status.
func (b *browser) raw(name, body, key string) (status int, answer string) {
	b.rig.t.Helper()
	resp, text := b.do(http.MethodPost, command.PathPrefix+name, []byte(body), "Content-Type", "application/json", command.IdempotencyKeyHeader, key)
	return resp.StatusCode, text
}

// as returns the same reader on another node.
func (b *browser) as(r *rig) *browser {
	b.rig.t.Helper()
	cookie := b.client.Jar.Cookies(mustURL(b.rig.t, b.rig.url))[0].String()
	return &browser{rig: r, guest: b.guest, client: &http.Client{Transport: withCookie(cookie)}}
}

// A second request under a key changes nothing, whatever the two are, on the node
// that has seen the first and on one that has not; the first one again is
// answered as it was.
func TestKeyIsOfOneRequest(t *testing.T) {
	a := newRig(t)
	b := newRig(t, func(o *site.Options) { o.Log, o.Node = a.log, "b" })
	ann, program := a.newGuest(), a.program()
	early := a.head()
	id, first, second := a.written(ann, "to be changed"), a.written(ann, "first"), a.written(ann, "second")

	post := func(text string) string { return fmt.Sprintf(`{"room":"lobby","author":"x","text":%q}`, text) }
	edit := func(text string) string { return fmt.Sprintf(`{"room":"lobby","id":%q,"text":%q}`, id, text) }
	remove := func(id string) string { return fmt.Sprintf(`{"room":"lobby","id":%q}`, id) }
	read := func(upTo string) string { return fmt.Sprintf(`{"up_to":%q}`, upTo) }
	for i, c := range []struct {
		name        string
		by          *browser
		command     string
		body        string
		then, other string // another request under the key
	}{
		{"a post with another text", ann, chat.Post.Name(), post("one"), chat.Post.Name(), post("two")},
		{"a post to another room", ann, chat.Post.Name(), post("one"), chat.Post.Name(), `{"room":"deck","author":"x","text":"one"}`},
		{"a program's post", program, chat.Post.Name(), post("one"), chat.Post.Name(), post("two")},
		{"an edit after a post", ann, chat.Post.Name(), post("one"), chat.Edit.Name(), edit("edited under a post's key")},
		{"a rename after a post", ann, chat.Post.Name(), post("one"), guest.Rename.Name(), `{"name":"Someone"}`},
		{"an edit with another text", ann, chat.Edit.Name(), edit("better"), chat.Edit.Name(), edit("best")},
		{"a removal after an edit", ann, chat.Edit.Name(), edit("better"), chat.Remove.Name(), remove(id)},
		{"another name", ann, guest.Rename.Name(), `{"name":"Ann"}`, guest.Rename.Name(), `{"name":"Bob"}`},
		{"another mark", ann, inbox.Read.Name(), read(early.String()), inbox.Read.Name(), read(a.head().String())},
		{"a removal of another message", ann, chat.Remove.Name(), remove(id), chat.Remove.Name(), remove(first)},
		{"a post after a removal", ann, chat.Remove.Name(), remove(second), chat.Post.Name(), post("one")},
	} {
		key := fmt.Sprint("key-", i)
		status, answer := c.by.raw(c.command, c.body, key)
		if status != http.StatusOK {
			t.Fatalf("%s: the first is answered %d %s", c.name, status, answer)
		}
		stored := a.stored()
		there := b.program()
		if c.by == ann {
			there = ann.as(b)
		}
		for where, by := range map[string]*browser{"the same node": c.by, "another": there} {
			if status, text := by.raw(c.then, c.other, key); status != http.StatusUnprocessableEntity {
				t.Errorf("%s, on %s: answered %d %s, want 422", c.name, where, status, text)
			}
			if status, text := by.raw(c.command, " "+c.body, key); status != http.StatusOK || text != answer {
				t.Errorf("%s, on %s: the first again is answered %d %s, want %s", c.name, where, status, text, answer)
			}
		}
		if now := a.stored(); now != stored {
			t.Errorf("%s: the log has %d events more", c.name, now-stored)
		}
	}
}

// stored returns how many events the log has that its clients asked for.
func (r *rig) stored() (n int) {
	for _, e := range r.events() {
		if strings.HasPrefix(e.Topic(), "room.") || strings.HasPrefix(e.Topic(), "user.") || e.Topic() == "guest.names.all" {
			n++
		}
	}
	return n
}

// When a key is forgotten, a post under it never writes over a message: another
// request is another message, and the same one changes nothing about what was done
// to the first since.
func TestKeyThatIsForgottenWritesOverNothing(t *testing.T) {
	log := eventlog.NewMemory(eventlog.Retention{KeyWindow: 1})
	a := newRig(t, func(o *site.Options) { o.Log = log })
	b := newRig(t, func(o *site.Options) { o.Log, o.Node = log, "b" }) // its mux has not seen the key either
	ann := a.newGuest()
	there := ann.as(b)
	req := func(text string) chat.PostRequest {
		return chat.PostRequest{Room: "lobby", Author: "x", Text: text}
	}
	for _, text := range []string{"edited", "removed", "kept"} {
		mustMutate(ann, chat.Post, req(text), "key-"+text)
	}
	idOf := func(text string) string { return chat.MessageID(ann.guest, "key-"+text, req(text)) }
	rep, refused := edit(ann, idOf("edited"), "better", "")
	mustChange(t, rep, refused)
	rep, refused = remove(ann, idOf("removed"), "")
	removal := mustChange(t, rep, refused)

	for _, text := range []string{"edited", "removed"} {
		mustMutate(there, chat.Post, req(text), "key-"+text)
	}
	mustMutate(there, chat.Post, req("another"), "key-kept")
	got := texts(b.page("/room/lobby").room("lobby"))
	if want := []string{"better", "kept", "another"}; !slices.Equal(got, want) {
		t.Errorf("a page shows %q, want %q", got, want)
	}
	_, refused = edit(there, idOf("removed"), "back", "")
	wantRefusal(t, "an edit of the removed", refused, fault.NotFound, "")
	rep, refused = remove(there, idOf("removed"), "")
	if again := mustChange(t, rep, refused); again != removal {
		t.Errorf("its removal is %v, want %v", again, removal)
	}
	rep, refused = edit(there, idOf("edited"), "best", "")
	mustChange(t, rep, refused)
}

// A retry that comes when the log has forgotten its key gets the first answer, and
// nothing is stored: a page that was offline for an hour sends what it was not sure of.
func TestRetryOfAForgottenKeyIsAnsweredByTheRoom(t *testing.T) {
	log := eventlog.NewMemory(eventlog.Retention{KeyWindow: 1})
	a := newRig(t, func(o *site.Options) { o.Log = log })
	b := newRig(t, func(o *site.Options) { o.Log, o.Node = log, "b" }) // its mux has not seen the key either
	ann, program := a.newGuest(), a.program()
	cy := a.named("Cy")
	post := chat.PostRequest{Room: "lobby", Author: "x", Text: "hi"}
	mentioning := chat.PostRequest{Room: "lobby", Author: "x", Text: "hi, @cy"}
	gone := chat.PostRequest{Room: "lobby", Author: "x", Text: "not for @cy after all"}
	var later *browser
	for _, c := range []struct {
		what      string
		by, there *browser
		req       chat.PostRequest
	}{
		{"a guest's", ann, ann.as(b), post},
		{"a program's", program, b.program(), post},
		{"one that mentions", ann, ann.as(b), mentioning},
		{"one that is gone", ann, ann.as(b), gone},
	} {
		what := c.what
		key := strings.ReplaceAll(what, " ", "-")
		first := mustMutate(c.by, chat.Post, c.req, key)
		if c.req == gone {
			rep, refused := remove(ann, chat.MessageID(ann.guest, key, gone), "")
			mustChange(t, rep, refused)
			later = a.named("Cy")
			call(later.as(b), guest.Whoami, guest.WhoamiRequest{}, "")
		}
		b.room("lobby") // which that node knows now
		rooms, notices := a.count("room.lobby"), len(inboxOf(cy).Entries)
		if again := mustMutate(c.there, chat.Post, c.req, key); again != first {
			t.Errorf("%s is answered %v, its retry %v", what, first, again)
		}
		if now := a.count("room.lobby"); now != rooms {
			t.Errorf("%s: its retry has stored %d events in the room", what, now-rooms)
		}
		if now := len(inboxOf(cy).Entries); now != notices {
			t.Errorf("%s: its retry is %d notices more", what, now-notices)
		}
	}
	if got := inboxOf(later).Entries; len(got) != 0 {
		t.Errorf("a removed message has mentioned a guest who came later: %+v", got)
	}
}

// A guest's message has the guest's name, whatever the request says. One without a name,
// as a program, has the author that it names.
func TestMessageOfAGuestHasTheGuestsName(t *testing.T) {
	r := newRig(t)
	ann, nameless, program := r.named("Ann"), r.newGuest(), r.program()
	for _, b := range []*browser{ann, nameless, program} {
		mustMutate(b, chat.Post, chat.PostRequest{Room: "lobby", Author: "Bob", Text: "hi"}, "")
	}
	var got []string
	for line := range r.page("/room/lobby").room("lobby").Messages {
		got = append(got, line.Author)
	}
	if want := []string{"Ann", "Bob", "Bob"}; !slices.Equal(got, want) {
		t.Errorf("the authors are %q, want %q", got, want)
	}
}
