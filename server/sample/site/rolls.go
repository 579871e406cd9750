package site

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/guest"
)

// rolls are what the nodes have told of their guests, and what the pages have
// been told of all. They are folded from the log, in its order, and from nothing
// else: nodes that have read the same say the same, and none takes back what
// another has rightly said.
type rolls struct {
	mu    sync.Mutex
	nodes map[string]told
	here  guest.Presence // the newest that the pages were told
	seq   uint64         // of its event; 0 for none
	at    time.Time
}

// A told is a node's newest roll.
type told struct {
	roll
	seq uint64
	at  time.Time
}

// over returns when it is no longer good.
func (t told) over() time.Time {
	if t.Leaving {
		return t.at.Add(graceTime)
	}
	return t.at.Add(rollTime)
}

func (r *rolls) clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.nodes, r.here, r.seq, r.at = map[string]told{}, guest.Presence{}, 0, time.Time{}
}

// takeRoll notes what a node has told.
func (r *rolls) takeRoll(e event.Event) {
	if one, ok := recorded[roll](e); ok {
		r.put(one, e.ID().Seq(), e.Time())
	}
}

func (r *rolls) put(one roll, seq uint64, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.nodes[one.Node].seq < seq {
		r.nodes[one.Node] = told{one, seq, at}
	}
}

// takePresence notes what the pages were told.
func (r *rolls) takePresence(e event.Event) {
	if p, err := guest.Present.Decode(e.ID(), e.Data()); err == nil {
		r.putPresence(p.Value, e.ID().Seq(), e.Time())
	}
}

func (r *rolls) putPresence(p guest.Presence, seq uint64, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.seq < seq {
		r.here, r.seq, r.at = p, seq, at
	}
}

// of returns a node's newest roll, if it is still good.
func (r *rolls) of(node string) (one roll, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.nodes[node]
	return t.roll, t.seq > 0 && t.over().After(time.Now())
}

// last returns what the pages were told last, and when.
func (r *rolls) last() (p guest.Presence, seq uint64, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.here, r.seq, r.at
}

// merge returns who is here by all rolls that are still good, and when the first
// of those will be over. A guest on two nodes is one, as far as the rolls name
// both, and has the name of the newer roll that knows one: each node must come
// to the same.
func (r *rolls) merge() (p guest.Presence, next time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	maps.DeleteFunc(r.nodes, func(_ string, t told) bool { return !t.over().After(now) })
	guests, unlisted := map[string]guest.Guest{}, 0
	for _, t := range slices.SortedFunc(maps.Values(r.nodes), func(a, b told) int { return cmp.Compare(a.seq, b.seq) }) {
		for _, g := range t.Guests {
			g.Name = cmp.Or(g.Name, guests[g.ID].Name)
			guests[g.ID] = g
		}
		unlisted += t.Total - len(t.Guests)
		if next.IsZero() || t.over().Before(next) {
			next = t.over()
		}
	}
	return newPresence(slices.Collect(maps.Values(guests)), len(guests)+unlisted), next
}

// newPresence sorts the guests by name, those without one behind, and names as
// many as may be named.
func newPresence(guests []guest.Guest, total int) guest.Presence {
	keys := make(map[string]string, len(guests)) // folding at each comparison takes ten times as long
	for _, g := range guests {
		keys[g.ID] = fold(g.Name)
	}
	slices.SortFunc(guests, func(a, b guest.Guest) int {
		return cmp.Or(
			-cmp.Compare(min(1, len(a.Name)), min(1, len(b.Name))),
			cmp.Compare(keys[a.ID], keys[b.ID]), cmp.Compare(a.ID, b.ID),
		)
	})
	if guests = guests[:min(len(guests), guest.MaxPresent)]; guests == nil {
		guests = []guest.Guest{} // nil would be null
	}
	return guest.Presence{Guests: guests, Total: total}
}

func samePresence(a, b guest.Presence) bool {
	return a.Total == b.Total && slices.Equal(a.Guests, b.Guests)
}
