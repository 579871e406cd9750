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

// nodeReports holds each node's newest report and the list last published to
// pages. Both are folded only from the log's events, in order, so nodes that
// have read the same events compute the same list, and none reverts what another
// has published.
type nodeReports struct {
	mu    sync.Mutex
	nodes map[string]storedReport
	here  guest.Presence // the newest list published to the pages
	seq   uint64         // of its event; 0 for none
	at    time.Time
}

// A storedReport is a node's newest report, with its place in the log.
type storedReport struct {
	nodeReport
	seq uint64
	at  time.Time
}

// expires returns when it is no longer valid.
func (t storedReport) expires() time.Time {
	if t.Leaving {
		return t.at.Add(graceTime)
	}
	return t.at.Add(reportLifetime)
}

func (r *nodeReports) clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.nodes, r.here, r.seq, r.at = map[string]storedReport{}, guest.Presence{}, 0, time.Time{}
}

// applyReport stores a node's report.
func (r *nodeReports) applyReport(e event.Event) {
	if one, ok := recorded[nodeReport](e); ok {
		r.put(one, e.ID().Seq(), e.Time())
	}
}

func (r *nodeReports) put(one nodeReport, seq uint64, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.nodes[one.Node].seq < seq {
		r.nodes[one.Node] = storedReport{one, seq, at}
	}
}

// applyPresence stores a published list.
func (r *nodeReports) applyPresence(e event.Event) {
	if p, err := guest.Present.Decode(e); err == nil {
		r.putPresence(p.Value, e.ID().Seq(), e.Time())
	}
}

func (r *nodeReports) putPresence(p guest.Presence, seq uint64, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.seq < seq {
		r.here, r.seq, r.at = p, seq, at
	}
}

// of returns a node's newest report, if it is still valid.
func (r *nodeReports) of(node string) (one nodeReport, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.nodes[node]
	return t.nodeReport, t.seq > 0 && t.expires().After(time.Now())
}

// last returns the list last published to the pages, and when.
func (r *nodeReports) last() (p guest.Presence, seq uint64, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.here, r.seq, r.at
}

// merge returns the guests of all valid reports, and when the first of these
// expires. A guest on two nodes counts once, if both reports list the guest, and
// has the name in the newer report that has one: each node must compute the
// same.
func (r *nodeReports) merge() (p guest.Presence, next time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	maps.DeleteFunc(r.nodes, func(_ string, t storedReport) bool { return !t.expires().After(now) })
	guests, unlisted := map[string]guest.Guest{}, 0
	for _, t := range slices.SortedFunc(maps.Values(r.nodes), func(a, b storedReport) int { return cmp.Compare(a.seq, b.seq) }) {
		for _, g := range t.Guests {
			g.Name = cmp.Or(g.Name, guests[g.ID].Name)
			guests[g.ID] = g
		}
		unlisted += t.Total - len(t.Guests)
		if next.IsZero() || t.expires().Before(next) {
			next = t.expires()
		}
	}
	return newPresence(slices.Collect(maps.Values(guests)), len(guests)+unlisted), next
}

// newPresence sorts the guests by name, guests without one last, and lists at
// most [guest.MaxPresent].
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
