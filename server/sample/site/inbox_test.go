package site_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/server/sample/site"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/sample/inbox"
)

// named is a guest with a name.
func (r *rig) named(name string) *browser {
	r.t.Helper()
	b := r.newGuest()
	call(b, guest.Rename, guest.RenameRequest{Name: name}, "")
	return b
}

// notices returns what has come to a guest's inbox.
func (r *rig) notices(of *browser) (all []inbox.Notice) {
	r.t.Helper()
	for _, e := range r.events(inbox.Topic(of.guest)) {
		n, err := inbox.Noticed.Decode(e)
		if err != nil {
			r.t.Fatal(err)
		}
		all = append(all, n.Value)
	}
	return all
}

// inboxOf returns the state of a guest's inbox as the guest's pages get it.
func inboxOf(b *browser) (box inbox.Inbox) {
	b.rig.t.Helper()
	if refused := stateOf(b, inbox.Topic(b.guest), "", &box); refused != nil {
		b.rig.t.Fatal(refused)
	}
	return box
}

func say(b *browser, text, key string) event.ID {
	b.rig.t.Helper()
	return mustMutate(b, chat.Post, chat.PostRequest{Room: "deck", Author: "writer", Text: text}, key).ID
}

func TestMentionIsANotice(t *testing.T) {
	r := newRig(t)
	ann, bob := r.named("Ann Lee"), r.named("Bob")
	s := ann.open(inbox.Topic(ann.guest))
	say(bob, "is @ann lee here?", "k")
	_, n := receiveValue(s, inbox.Noticed)
	want := inbox.Notice{ID: n.ID, Kind: inbox.Mention, From: guest.Guest{ID: bob.guest, Name: "Bob"}, Room: "deck", Text: "is @ann lee here?", At: n.At}
	if n != want || n.ID == "" || n.At.IsZero() {
		t.Errorf("got %+v", n)
	}
	if again := say(bob, "is @ann lee here?", "k"); again.IsZero() {
		t.Error("the retry has no ID")
	}
	if got := r.notices(ann); len(got) != 1 {
		t.Errorf("a post and its retry are %d notices", len(got))
	}
	if got := r.notices(bob); len(got) != 0 {
		t.Errorf("the author has %+v", got)
	}
	say(r.program(), "@Bob, from a program", "")
	if got := r.notices(bob); len(got) != 1 || got[0].From != (guest.Guest{Name: "writer"}) {
		t.Errorf("a program's mention: %+v", got)
	}
}

func TestMentionsAreFoundByName(t *testing.T) {
	r := newRig(t)
	ann, lee, other, dot, me := r.named("Ann"), r.named("Ann Lee"), r.named("ann"), r.named("Jörg M."), r.named("Me")
	guests := map[*browser]string{ann: "Ann", lee: "Ann Lee", other: "ann", dot: "Jörg M.", me: "Me"}
	for text, want := range map[string]string{
		"@Ann":                      "Ann ann",
		"hello @ann!":               "Ann ann",
		"@ANN LEE and @ann":         "Ann Ann Lee ann",
		"(@ann lee)":                "Ann Lee",
		"@ann leeway":               "Ann ann",
		"@annabel":                  "",
		"write to x@ann.example":    "",
		"@jÖRG m. said":             "Jörg M.",
		"@@ann @":                   "Ann ann",
		"ann, without the sign":     "",
		"@me is myself":             "",
		"@nobody":                   "",
		"@ann @ann @ann":            "Ann ann",
		strings.Repeat("@", 4000):   "",
		strings.Repeat("x@ ", 1000): "",
	} {
		before := map[*browser]int{}
		for b := range guests {
			before[b] = len(r.notices(b))
		}
		say(me, text, "")
		var got []string
		for b, name := range guests {
			for range len(r.notices(b)) - before[b] {
				got = append(got, name)
			}
		}
		slices.Sort(got)
		if strings.Join(got, " ") != want {
			t.Errorf("%.40q mentions %q, want %q", text, got, want)
		}
	}
}

func TestMessageMentionsTenAtMost(t *testing.T) {
	r := newRig(t)
	var all []*browser
	var text strings.Builder
	for i := range 12 {
		name := fmt.Sprintf("guest-%d", i)
		all = append(all, r.named(name), r.named("everybody"))
		text.WriteString("@" + name + " ")
	}
	for i, text := range []string{text.String(), "@everybody"} {
		say(r.newGuest(), text, "")
		sum := 0
		for _, b := range all {
			sum += len(r.notices(b))
		}
		if sum != 10*(i+1) {
			t.Errorf("%d notices after %d messages", sum, i+1)
		}
	}
}

func TestFirstNameIsAnnouncedToGuestsThatAreHere(t *testing.T) {
	r := newRig(t)
	here, away, newcomer := r.newGuest(), r.newGuest(), r.newGuest()
	s := here.open("clock&topic=" + inbox.Topic(here.guest))
	newcomer.open("clock")
	untilHere(t, r, 2)
	call(newcomer, guest.Rename, guest.RenameRequest{Name: "Ann"}, "k")
	_, n := receiveValue(s, inbox.Noticed)
	if n.Kind != inbox.Joined || n.From != (guest.Guest{ID: newcomer.guest, Name: "Ann"}) {
		t.Errorf("got %+v", n)
	}
	call(newcomer, guest.Rename, guest.RenameRequest{Name: "Ann"}, "k")
	late := r.newGuest()
	late.open("clock")
	untilHere(t, r, 3)
	call(newcomer, guest.Rename, guest.RenameRequest{Name: "Anna"}, "")
	call(r.newGuest(), guest.Rename, guest.RenameRequest{Name: "Bob"}, "") // within the minute
	for name, c := range map[string]struct {
		b    *browser
		want int
	}{"a guest who is here": {here, 1}, "a guest who is not": {away, 0}, "a guest who came later": {late, 1}, "the newcomer": {newcomer, 1}} {
		if got := r.notices(c.b); len(got) != c.want {
			t.Errorf("%s has %d notices, want %d", name, len(got), c.want)
		}
	}
}

func TestNameIsCheckedAndKept(t *testing.T) {
	r := newRig(t)
	ann := r.newGuest()
	for name, bad := range map[string]string{"nothing": " ", "invisible": "\u200b", "long": strings.Repeat("a", 65), "two lines": "a\nb"} {
		_, refused, _ := send(ann, guest.Rename, guest.RenameRequest{Name: bad}, "")
		if refused == nil {
			t.Errorf("%s is a name", name)
			continue
		}
		wantRefusal(t, name, refused, fault.Invalid, "name")
	}
	want := guest.Guest{ID: ann.guest, Name: strings.Repeat("ü", 64)}
	if got := call(ann, guest.Rename, guest.RenameRequest{Name: " " + want.Name + " "}, ""); got != want {
		t.Errorf("got %+v", got)
	}
	if got := call(ann, guest.Whoami, guest.WhoamiRequest{}, ""); got != want {
		t.Errorf("whoami: %+v", got)
	}
	r.end()
	again := newRig(t, func(o *site.Options) { o.Log = r.log })
	ann.rig = again
	ann.client.Transport = withCookie(ann.client.Jar.Cookies(mustURL(t, r.url))[0].String())
	if got := call(ann, guest.Whoami, guest.WhoamiRequest{}, ""); got != want {
		t.Errorf("after a restart: %+v", got)
	}
	say(again.program(), "@"+want.Name, "")
	if got := again.notices(ann); len(got) != 1 {
		t.Errorf("after a restart a mention is %d notices", len(got))
	}
}

// A page is drawn without its user's notices and reads them: they are the caller's, in
// order, with the read marker.
func TestInboxIsReadByItsOwnerOnly(t *testing.T) {
	r := newRig(t)
	ann, bob := r.named("Ann"), r.named("Bob")
	for i := range 3 {
		say(bob, fmt.Sprintf("@ann %d", i), "")
	}
	before := inboxOf(ann)
	if len(before.Entries) != 3 || !before.UpTo.IsZero() {
		t.Fatalf("it is %+v", before)
	}
	mustMutate(ann, inbox.Read, inbox.ReadRequest{UpTo: before.Entries[1].Event}, "")
	after := inboxOf(ann)
	for i, e := range after.Entries {
		if want := fmt.Sprintf("@ann %d", i); e.Text != want || e.Event.IsZero() || after.IsUnread(e) != (i == 2) {
			t.Errorf("notice %d: %+v, want %q", i, e, want)
		}
	}
	if after.UpTo != before.Entries[1].Event {
		t.Errorf("the marker is at %v, want %v", after.UpTo, before.Entries[1].Event)
	}
	if others := inboxOf(bob); len(others.Entries) != 0 || !others.UpTo.IsZero() {
		t.Errorf("Bob gets: %+v", others)
	}
	for whose, b := range map[string]*browser{"another guest": bob, "an anonymous user": r.newBrowser()} {
		if refused := stateOf(b, inbox.Topic(ann.guest), "", new(inbox.Inbox)); refused == nil || refused.Code != fault.Forbidden {
			t.Errorf("%s: %+v", whose, refused)
		}
	}
}
