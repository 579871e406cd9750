package site

import (
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/guest"
)

// maxNames is how many guests' names a server knows. Those who picked theirs
// longest ago are forgotten first.
const maxNames = 10_000

// A roster knows the guests who have a name, here or not, from the log alone. A
// name leaves the log after its retention (7 days) unless its guest comes back.
// Its methods are safe for concurrent use.
type roster struct {
	mu     sync.RWMutex
	names  map[string]naming   // by the guest's ID
	byName map[string][]string // IDs, by the folded name
}

// A naming is what is known of a guest's name.
type naming struct {
	name string
	seq  uint64 // of the event that told it
	at   time.Time
}

// clear forgets everybody, for another log.
func (r *roster) clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.names, r.byName = map[string]naming{}, map[string][]string{}
}

// take notes a naming out of the log.
func (r *roster) take(e event.Event) {
	if g, ok := recorded[guest.Guest](e); ok {
		r.put(g, e.ID().Seq(), e.Time())
	}
}

// put notes a naming, unless a newer one is known.
func (r *roster) put(g guest.Guest, seq uint64, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.names[g.ID].seq >= seq || g.Name == "" {
		return
	}
	r.drop(g.ID)
	r.names[g.ID] = naming{g.Name, seq, at}
	key := fold(g.Name)
	r.byName[key] = append(r.byName[key], g.ID)
	if len(r.names) > maxNames {
		r.drop(r.oldest())
	}
}

// drop forgets a guest. It needs the lock, as oldest does.
func (r *roster) drop(id string) {
	known, ok := r.names[id]
	if !ok {
		return
	}
	delete(r.names, id)
	key := fold(known.name)
	others := r.byName[key][:0:0]
	for _, other := range r.byName[key] {
		if other != id {
			others = append(others, other)
		}
	}
	if r.byName[key] = others; len(others) == 0 {
		delete(r.byName, key)
	}
}

// oldest looks at all of them, which takes 0.1 ms and happens only when a name
// is picked.
func (r *roster) oldest() (id string) {
	var least naming
	for other, n := range r.names {
		if id == "" || n.seq < least.seq {
			id, least = other, n
		}
	}
	return id
}

// guest returns a guest by the ID; the name is empty if none is known.
func (r *roster) guest(id string) guest.Guest {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return guest.Guest{ID: id, Name: r.names[id].name}
}

// namedAt returns when a guest's name was last told; zero if none is known.
func (r *roster) namedAt(id string) time.Time {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.names[id].at
}

// called returns the IDs of those who have a name, which is given folded.
func (r *roster) called(folded string) []string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.byName[folded] // it is replaced, not changed
}

// fold makes names equal that differ only in case. It keeps their length in
// characters.
func fold(name string) string {
	return strings.Map(func(r rune) rune { return unicode.ToLower(unicode.ToUpper(r)) }, name)
}
