package site_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/server/sample/site"
	"github.com/seawaykit/seaway/shared/presence"
	"github.com/seawaykit/seaway/shared/sample/guest"
)

// A list is who is present, as a page reads it.
type list struct {
	names []string
	total int
}

func (r *rig) present() (l list) {
	r.t.Helper()
	_, text := r.program().get("/state?topic=" + guest.Here.Topic(presence.Site))
	var answer struct{ Value presence.Here[guest.Guest] }
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		r.t.Fatalf("%s: %v", text, err)
	}
	for _, p := range answer.Value.People() {
		l.names = append(l.names, p.Profile.Name)
	}
	slices.Sort(l.names)
	l.total = answer.Value.Count()
	return l
}

// untilHere waits until so many are here, and returns their names.
func untilHere(t *testing.T, r *rig, n int) (names string) {
	t.Helper()
	var l list
	until(t, fmt.Sprint(n, " are here"), func() bool {
		l = r.present()
		return l.total == n && len(l.names) == n
	})
	return strings.TrimSpace(strings.Join(l.names, " "))
}

// A guest is here as soon as a connection is open, of whatever transport and
// however many, and gone a while after the last.
func TestGuestsComeAndGo(t *testing.T) {
	r := newRig(t)
	ann, bob, cy := r.named("Ann"), r.named("Bob"), r.named("Cy")
	first, second := ann.open("clock"), ann.open("vitals")
	socket, err := bob.dial("clock")
	if err != nil {
		t.Fatal(err)
	}
	cy.get("/poll?topic=clock&wait=0")
	r.program().open("clock")
	r.newGuest().open("clock") // the only one who stays, without a name
	if got := untilHere(t, r, 4); got != "Ann Bob Cy" {
		t.Errorf("%q are here", got)
	}
	first.close()
	second.close()
	socket.close()
	untilHere(t, r, 1)
}

// Who has a new name has it in the list, on whichever node it was set.
func TestListHasNewNames(t *testing.T) {
	r := newRig(t)
	other := newRig(t, func(o *site.Options) { o.Log = r.log })
	ann := r.named("Ann")
	ann.open("clock")
	untilHere(t, r, 1)
	moved := &browser{rig: other, client: ann.client, guest: ann.guest}
	call(moved, guest.Rename, guest.RenameRequest{Name: "Anna"}, "")
	until(t, "both nodes show it", func() bool {
		return slices.Equal(r.present().names, []string{"Anna"}) && slices.Equal(other.present().names, []string{"Anna"})
	})
}

// Each guest gets one notice of new guests a minute, however many these are.
func TestManyNewGuestsAreFewNotices(t *testing.T) {
	r := newRig(t)
	ann := r.newGuest()
	ann.open("clock")
	untilHere(t, r, 1)
	for i := range 20 {
		call(r.newGuest(), guest.Rename, guest.RenameRequest{Name: fmt.Sprint("guest ", i)}, "")
	}
	if n := len(r.notices(ann)); n != 1 {
		t.Errorf("there are %d notices", n)
	}
}
