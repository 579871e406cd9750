package site_test

import (
	"fmt"
	"testing"

	"github.com/seawaykit/seaway/shared/sample/inbox"
)

// A page is drawn without its reader's notices and asks for them: they are the
// caller's, in order, with the mark.
func TestAnInboxIsListedToItsOwnerOnly(t *testing.T) {
	r := newRig(t)
	ann, bob := r.named("Ann"), r.named("Bob")
	for i := range 3 {
		say(bob, fmt.Sprintf("@ann %d", i), "")
	}
	empty := call(ann, inbox.List, inbox.ListRequest{}, "")
	if len(empty.Notices) != 3 || !empty.Mark.UpTo.IsZero() {
		t.Fatalf("listed: %+v", empty)
	}
	call(ann, inbox.Read, inbox.ReadRequest{UpTo: empty.Notices[1].ID}, "")
	got := call(ann, inbox.List, inbox.ListRequest{}, "")
	for i, e := range got.Notices {
		if want := fmt.Sprintf("@ann %d", i); e.Value.Text != want || e.ID.IsZero() {
			t.Errorf("notice %d: %+v, want %q", i, e, want)
		}
	}
	if got.Mark.UpTo != empty.Notices[1].ID {
		t.Errorf("the mark is at %v, want %v", got.Mark.UpTo, empty.Notices[1].ID)
	}
	if others := call(bob, inbox.List, inbox.ListRequest{}, ""); len(others.Notices) != 0 || !others.Mark.UpTo.IsZero() {
		t.Errorf("Bob is told: %+v", others)
	}
	if _, refused, status := send(r.stranger(), inbox.List, inbox.ListRequest{}, ""); refused == nil || status != 401 {
		t.Errorf("a stranger: status %d, %+v", status, refused)
	}
}
