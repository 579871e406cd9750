package site_test

import (
	"strings"
	"testing"

	"github.com/seawaykit/seaway/server/sample/site"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
)

const membersTopic = "room." + guest.MembersRoom

// newNamed returns a guest with a name.
func (r *rig) newNamed(name string) *browser {
	r.t.Helper()
	b := r.newGuest()
	call(b, guest.Rename, guest.RenameRequest{Name: name}, "")
	return b
}

// checkRefused asks for the members' room in every way.
func (b *browser) checkRefused(what string, want fault.Code) {
	b.rig.t.Helper()
	for _, path := range []string{"/events?topic=" + membersTopic, "/poll?topic=" + membersTopic, "/socket?topic=" + membersTopic, "/state?topic=" + membersTopic} {
		if _, body := b.get(path); !strings.Contains(body, `"code":"`+string(want)+`"`) {
			b.rig.t.Errorf("%s: %s is answered %s, want %s", what, path, body, want)
		}
	}
	if _, refused, _ := mutate(b, chat.Post, chat.PostRequest{Room: guest.MembersRoom, Author: "x", Text: "hello"}, ""); fault.CodeOf(refused) != want {
		b.rig.t.Errorf("%s: a post is answered %v, want %s", what, refused, want)
	}
	if _, refused, _ := mutate(b, chat.Edit, chat.EditRequest{Room: guest.MembersRoom, ID: "x", Text: "hello"}, ""); fault.CodeOf(refused) != want {
		b.rig.t.Errorf("%s: an edit is answered %v, want %s", what, refused, want)
	}
	if _, refused, _ := mutate(b, chat.Remove, chat.RemoveRequest{Room: guest.MembersRoom, ID: "x"}, ""); fault.CodeOf(refused) != want {
		b.rig.t.Errorf("%s: a removal is answered %v, want %s", what, refused, want)
	}
}

func TestMembersRoomIsForMembers(t *testing.T) {
	r := newRig(t)
	other := newRig(t, func(o *site.Options) { o.Log, o.Node = r.log, "other" })
	ann := r.newNamed("Ann")
	bob := r.newNamed("Bob")
	if _, refused, _ := send(r.newGuest(), guest.Join, guest.MembershipRequest{}, ""); fault.CodeOf(refused) != fault.Conflict {
		t.Errorf("a guest without a name joins: %v", refused)
	}
	r.program().checkRefused("a stranger", fault.Unauthenticated)
	ann.checkRefused("before she joins", fault.Forbidden)
	if m := call(ann, guest.Join, guest.MembershipRequest{}, ""); !m.Member {
		t.Error("Ann is no member")
	}
	bob.checkRefused("another guest", fault.Forbidden)
	there := ann.as(other)
	until(t, "the other node knows", func() bool {
		resp, _ := there.get("/state?topic=" + membersTopic)
		return resp.StatusCode == 200
	})
	open := []*stream{ann.open(membersTopic), there.open(membersTopic + "&topic=clock"), ann.open("clock")}
	if s, err := ann.dial(membersTopic); err != nil {
		t.Error(err)
	} else {
		s.next("hello") // from here on it has what comes
		open = append(open[:2:2], s, open[2])
	}
	mustMutate(ann, chat.Post, chat.PostRequest{Room: guest.MembersRoom, Text: "among us"}, "")
	for _, s := range open[:3] {
		if f := s.next(chat.Posted.Name()); !strings.Contains(f.data, "among us") {
			t.Errorf("it has %+v", f)
		}
	}
	if m := call(ann, guest.Leave, guest.MembershipRequest{}, ""); m.Member {
		t.Error("Ann is still a member")
	}
	for i, s := range open[:3] {
		if f := s.next("bye"); !strings.Contains(f.data, "revoked") {
			t.Errorf("stream %d has %+v", i, f)
		}
	}
	ann.checkRefused("after she has left", fault.Forbidden)
	resp, _ := ann.get("/room/" + guest.MembersRoom)
	if resp.StatusCode >= 500 {
		t.Errorf("the room's page is answered with %d", resp.StatusCode)
	}
}
