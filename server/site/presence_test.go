package site_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/site"
	"github.com/seawaykit/seaway/shared/guest"
)

// present returns what the pages were told last.
func (r *rig) present() (p guest.Presence) {
	r.t.Helper()
	events := r.events(guest.Here)
	if len(events) == 0 {
		return p
	}
	of, err := guest.Present.Decode(events[0].ID(), events[0].Data())
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

// An end opens a connection of one kind.
type end func(b *browser) (leave func())

var ends = map[string]end{
	"a stream": func(b *browser) func() { return b.open("clock").close },
	"a socket": func(b *browser) func() {
		s, err := b.dial("clock")
		if err != nil {
			b.rig.t.Fatal(err)
		}
		return s.close
	},
	"a poll": func(b *browser) func() {
		b.get("/poll?topic=clock&wait=0")
		return func() {}
	},
}

// A guest is here as soon as a connection is open, however many there are, and
// gone a while after the last.
func TestGuestsComeAndGo(t *testing.T) {
	for name, begin := range ends {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			ann := r.named("Ann")
			leave, again := begin(ann), begin(ann)
			begin(r.program())
			begin(r.visit())
			if got := untilHere(t, r, 2); got != "Ann" { // the other has no name
				t.Errorf("%q are here", got)
			}
			leave()
			again()
			if name == "a poll" {
				untilHere(t, r, 0)
				return
			}
			untilHere(t, r, 1)
		})
	}
}

func TestShutdownOfANodeLeavesNoGuests(t *testing.T) {
	t.Parallel()
	log := eventlog.NewMemory(eventlog.Retention{})
	a := newRig(t, func(o *site.Options) { o.Log, o.Node = log, "a" })
	b := newRig(t, func(o *site.Options) { o.Log, o.Node = log, "b" })
	ann, bob := a.named("Ann"), b.named("Bob")
	ann.open("clock")
	bob.open("clock")
	if got := untilHere(t, a, 2); got != "Ann Bob" {
		t.Errorf("%q are here", got)
	}
	call(bob, guest.Rename, guest.RenameRequest{Name: "Al"}, "")
	until(t, "the list has the new name", func() bool { return untilHere(t, a, 2) == "Al Ann" })
	a.end()
	if got := untilHere(t, b, 1); got != "Al" {
		t.Errorf("%q are left", got)
	}
}

// A start after a crash knows whom the last one had: they are here until their
// grace is over, and then gone unless they have come back.
func TestThereAreNoGhosts(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ann, bob := r.named("Ann"), r.named("Bob")
	ann.open("clock")
	bob.open("clock")
	untilHere(t, r, 2)
	r.end()
	if got := untilHere(t, r, 2); got != "Ann Bob" {
		t.Errorf("the log says that %q are here", got)
	}
	again := newRig(t, func(o *site.Options) { o.Log = r.log })
	ann.rig, ann.client = again, ann.carrying(r.url)
	ann.open("clock")
	if got := untilHere(t, again, 1); got != "Ann" {
		t.Errorf("%q are here", got)
	}
	for _, e := range again.events(guest.Here) {
		if strings.Contains(string(e.Data()), bob.guest) {
			t.Error("a ghost is here")
		}
	}
}

func TestLargeCrowdsAreCutShort(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for i := range guest.MaxPresent + 5 {
		b := r.visit()
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
