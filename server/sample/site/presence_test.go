package site_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/shared/sample/guest"
)

// present returns the list that was last published to the pages.
func (r *rig) present() (p guest.Presence) {
	r.t.Helper()
	events := r.events(guest.PresenceTopic)
	if len(events) == 0 {
		return p
	}
	of, err := guest.Present.Decode(events[0])
	if err != nil {
		r.t.Fatal(err)
	}
	return of.Value
}

// untilHere waits until so many are here, and returns their names.
func untilHere(t *testing.T, r *rig, n int) (names string) {
	t.Helper()
	var p guest.Presence
	until(t, fmt.Sprint(n, " are here"), func() bool {
		p = r.present()
		return p.Total == n && len(p.Guests) == n
	})
	for _, g := range p.Guests {
		names += g.Name + " "
	}
	return strings.TrimSpace(names)
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

func TestPresenceOfManyGuestsIsCutShort(t *testing.T) {
	r := newRig(t)
	for i := range guest.MaxPresent + 5 {
		b := r.newGuest()
		if i >= 100 {
			call(b, guest.Rename, guest.RenameRequest{Name: fmt.Sprint("named ", i)}, "")
		}
		b.open("clock")
	}
	until(t, "all are counted", func() bool { return r.present().Total == guest.MaxPresent+5 })
	p := r.present()
	named := slices.IndexFunc(p.Guests, func(g guest.Guest) bool { return g.Name == "" })
	if len(p.Guests) != guest.MaxPresent || named != 5 {
		t.Errorf("%d are listed, the first %d with names", len(p.Guests), named)
	}
}
