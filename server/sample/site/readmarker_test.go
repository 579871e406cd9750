package site_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/seawaykit/seaway/server/sample/site"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/inbox"
)

// markers returns the markers that the log has of a guest's.
func (r *rig) markers(of *browser) (all []event.ID) {
	r.t.Helper()
	for _, e := range r.events(inbox.Topic(of.guest)) {
		if m, err := inbox.MarkerMoved.Decode(e); err == nil {
			all = append(all, m.Value.UpTo)
		}
	}
	return all
}

func TestReadMarkerMovesForwardOnly(t *testing.T) {
	r := newRig(t)
	ann, bob := r.named("Ann"), r.named("Bob")
	s := ann.open(inbox.Topic(ann.guest))
	var ids []event.ID
	for i := range 3 {
		say(bob, fmt.Sprintf("@ann %d", i), "")
	}
	for _, e := range inboxOf(ann).Entries {
		ids = append(ids, e.Event)
	}
	read := func(b *browser, id event.ID) *fault.Error {
		_, refused, _ := mutate(b, inbox.Read, inbox.ReadRequest{UpTo: id}, "")
		return refused
	}
	for i, c := range []struct{ to, at int }{{1, 1}, {0, 1}, {1, 1}, {2, 2}} {
		if refused := read(ann, ids[c.to]); refused != nil {
			t.Errorf("marker %d: %+v", i, refused)
		}
		if got := inboxOf(ann).UpTo; got != ids[c.at] {
			t.Errorf("marker %d: it is at %v, want %v", i, got, ids[c.at])
		}
	}
	for _, want := range []event.ID{ids[1], ids[2]} {
		if _, m := receiveValue(s, inbox.MarkerMoved); m.UpTo != want {
			t.Errorf("the marker is moved to %v, want %v", m.UpTo, want)
		}
	}
	if got := r.markers(ann); len(got) != 2 {
		t.Errorf("two moves are %d events", len(got))
	}
	read(bob, ids[0])
	if got := inboxOf(ann).UpTo; got != ids[2] || len(r.markers(ann)) != 2 {
		t.Errorf("another guest has moved the marker to %v", got)
	}
	for what, id := range map[string]event.ID{
		"nothing":         {},
		"the future":      event.Position(ids[0].Epoch(), r.head().Seq()+100),
		"another log's":   event.Position("other", 1),
		"another's event": event.Position("x", ids[2].Seq()),
	} {
		refused := read(ann, id)
		if refused == nil {
			t.Errorf("%s can be marked", what)
			continue
		}
		wantRefusal(t, what, refused, fault.Invalid, "up_to")
	}
}

// Two pages on two nodes that mark at once never take each other's progress.
func TestReadMarkersFromTwoNodesKeepTheFurthest(t *testing.T) {
	a := newRig(t)
	b := newRig(t, func(o *site.Options) { o.Log, o.Node = a.log, "b" })
	ann, bob := a.named("Ann"), a.named("Bob")
	there := ann.as(b)
	for range 20 {
		say(bob, "@ann one", "")
		say(bob, "@ann two", "")
		entries := inboxOf(ann).Entries
		older, newer := entries[len(entries)-2].Event, entries[len(entries)-1].Event
		var both sync.WaitGroup
		both.Go(func() { mutate(ann, inbox.Read, inbox.ReadRequest{UpTo: newer}, "") })
		both.Go(func() { mutate(there, inbox.Read, inbox.ReadRequest{UpTo: older}, "") })
		both.Wait()
		for on, reader := range map[string]*browser{"a": ann, "b": there} {
			if got := inboxOf(reader).UpTo; got != newer {
				t.Fatalf("on node %s the marker is at %v, want %v", on, got, newer)
			}
		}
	}
}
