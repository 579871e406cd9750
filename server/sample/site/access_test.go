package site_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/sample/inbox"
	"github.com/seawaykit/seaway/shared/sample/vitals"
)

// A cast is one caller of each kind.
type cast struct{ author, other, program, forger *browser }

func newCast(r *rig) cast {
	c := cast{author: r.newGuest(), other: r.newGuest(), program: r.program(), forger: r.program()}
	c.forger.client = &http.Client{Transport: withCookie("seaway=" + strings.Repeat("A", 100))}
	return c
}

func (c cast) each() map[string]*browser {
	return map[string]*browser{"the author": c.author, "another guest": c.other, "a program": c.program, "a forger": c.forger}
}

// verdicts are the answer that each of the cast gets: a code, or "" for yes.
type verdicts map[string]fault.Code

func mayDo(author, other, anonymous fault.Code) verdicts {
	return verdicts{"the author": author, "another guest": other, "a program": anonymous, "a forger": anonymous}
}

func TestCommandsAreAcceptedFromTheirCallersOnly(t *testing.T) {
	const yes, anonymous = "", fault.Unauthenticated
	for name, c := range map[string]struct {
		send func(b *browser, message string, at *rig) (*fault.Error, int)
		may  verdicts
	}{
		"post": {func(b *browser, _ string, _ *rig) (*fault.Error, int) {
			_, e, status := mutate(b, chat.Post, chat.PostRequest{Room: "lobby", Author: "x", Text: "hi"}, "")
			return e, status
		}, mayDo(yes, yes, yes)},
		"edit": {func(b *browser, id string, _ *rig) (*fault.Error, int) {
			_, e, status := mutate(b, chat.Edit, chat.EditRequest{Room: "lobby", ID: id, Text: "changed"}, "")
			return e, status
		}, mayDo(yes, fault.Forbidden, anonymous)},
		"remove": {func(b *browser, id string, _ *rig) (*fault.Error, int) {
			_, e, status := mutate(b, chat.Remove, chat.RemoveRequest{Room: "lobby", ID: id}, "")
			return e, status
		}, mayDo(yes, fault.Forbidden, anonymous)},
		"whoami": {func(b *browser, _ string, _ *rig) (*fault.Error, int) {
			_, e, status := send(b, guest.Whoami, guest.WhoamiRequest{}, "")
			return e, status
		}, mayDo(yes, yes, yes)},
		"rename": {func(b *browser, _ string, _ *rig) (*fault.Error, int) {
			_, e, status := send(b, guest.Rename, guest.RenameRequest{Name: "Ann"}, "")
			return e, status
		}, mayDo(yes, yes, anonymous)},
		"read": {func(b *browser, _ string, r *rig) (*fault.Error, int) {
			_, e, status := mutate(b, inbox.Read, inbox.ReadRequest{UpTo: r.head()}, "")
			return e, status
		}, mayDo(yes, yes, anonymous)},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			all := newCast(r)
			for caller, b := range all.each() {
				id := r.written(all.author, "by the author")
				refused, status := c.send(b, id, r)
				checkRefusal(t, caller, refused, status, c.may[caller])
			}
		})
	}
}

func checkRefusal(t *testing.T, caller string, got *fault.Error, status int, want fault.Code) {
	t.Helper()
	switch {
	case want == "" && got != nil:
		t.Errorf("%s is refused: %d %+v", caller, status, got)
	case want != "" && (got == nil || got.Code != want || got.Message == "" || status != got.Status()):
		t.Errorf("%s is answered %d %+v, want %s", caller, status, got, want)
	}
}

// written returns the ID of a new message in the lobby.
func (r *rig) written(by *browser, text string) string {
	r.t.Helper()
	key := strings.ReplaceAll("key-"+text+r.head().String(), " ", "-")
	req := chat.PostRequest{Room: "lobby", Author: "x", Text: text}
	mustMutate(by, chat.Post, req, key)
	return chat.MessageID(by.guest, key, req)
}

func TestTopicsAreFollowedByTheirAudienceOnly(t *testing.T) {
	r := newRig(t)
	all := newCast(r)
	const no = fault.Forbidden
	own := inbox.Topic(all.author.guest)
	for topic, may := range map[string]verdicts{
		chat.Topic("lobby"):      mayDo("", "", ""),
		chat.Topic("mine"):       mayDo("", "", ""),
		vitals.ClockTopic:        mayDo("", "", ""),
		vitals.SamplesTopic:      mayDo("", "", ""),
		"guests.site":            mayDo("", "", ""),
		"guests.board.red":       mayDo("", "", ""),
		"guests.board.none":      mayDo(no, no, no),
		"guests.anything":        mayDo(no, no, no),
		"guests.guests.x":        mayDo(no, no, no),
		"guests." + own:          mayDo("", no, no),
		own:                      mayDo("", no, no),
		own + ".read":            mayDo(no, no, no),
		own + ".x":               mayDo(no, no, no),
		own + "x":                mayDo(no, no, no),
		"user":                   mayDo(no, no, no),
		"user.read":              mayDo(no, no, no),
		"guest.names":            mayDo(no, no, no),
		"guest.names.all":        mayDo(no, no, no),
		"seaway.presence.guests": mayDo(no, no, no),
		"room.a.b":               mayDo(no, no, no),
		"room":                   mayDo(no, no, no),
		"anything":               mayDo(no, no, no),
	} {
		for caller, b := range all.each() {
			for _, also := range []string{"", "&topic=clock"} { // one that is public opens no door
				for _, path := range []string{"/events", "/poll"} {
					refused, status := b.follow(path, topic+also)
					checkRefusal(t, caller+" on "+path+" of "+topic+also, refused, status, may[caller])
				}
				_, err := b.dial(topic + also)
				if want := may[caller] == ""; (err == nil) != want || (!want && !strings.Contains(err.Error(), "403")) {
					t.Errorf("%s on a socket of %s: %v", caller, topic+also, err)
				}
			}
		}
	}
}

// follow asks for a stream or a poll, and returns why not.
func (b *browser) follow(path, query string) (*fault.Error, int) {
	b.rig.t.Helper()
	resp, err := b.client.Get(b.rig.url + path + "?topic=" + query)
	if err != nil {
		b.rig.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusOK {
		return nil, resp.StatusCode
	}
	var body fault.Body
	if err := json.NewDecoder(resp.Body).Decode(&body); err != nil {
		b.rig.t.Fatalf("status %d, and no typed error: %v", resp.StatusCode, err)
	}
	return body.Error, resp.StatusCode
}
