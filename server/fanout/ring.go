package fanout

import (
	"slices"
	"sort"
	"time"

	"github.com/seawaykit/seaway/shared/event"
)

// A Frame is one event, encoded. All readers share its bytes and must not
// change them.
type Frame struct {
	ID    event.ID
	Bytes []byte
}

// An entry is a frame in the ring.
type entry struct {
	Frame
	topic   *topic
	expires time.Time // zero: never
	dead    bool      // a newer event of the topic replaced it
}

// A topic lists the ring's entries of one topic, and who reads it.
type topic struct {
	name    string
	entries []*entry  // oldest first, none of them dead
	evicted uint64    // all entries of the topic above this number are in the ring
	cursors []*Cursor // to be woken
}

// after returns the entries with numbers above seq.
func (t *topic) after(seq uint64) []*entry {
	n := len(t.entries)
	if n == 0 || t.entries[n-1].ID.Seq() <= seq {
		return nil // the common case: the reader is up to date
	}
	return t.entries[sort.Search(n, func(i int) bool { return t.entries[i].ID.Seq() > seq }):]
}

// A ring holds the newest entries, across topics and by topic. It is guarded by
// its hub's lock.
type ring struct {
	maxEvents, maxBytes int

	entries []*entry // oldest first
	topics  map[string]*topic
	bytes   int
	dead    int      // how many of entries
	evicted uint64   // all events above this number, up to head, are in the ring
	head    event.ID // the newest event, or the position before the first
}

// newRing returns an empty ring that begins right after start.
func newRing(start event.ID, maxEvents, maxBytes int) *ring {
	return &ring{
		maxEvents: maxEvents, maxBytes: maxBytes,
		topics: map[string]*topic{}, evicted: start.Seq(), head: start,
	}
}

// topic returns the list of a topic. A new list starts out knowing only what
// the whole ring knows.
func (r *ring) topic(name string) *topic {
	t, ok := r.topics[name]
	if !ok {
		t = &topic{name: name, evicted: r.evicted}
		r.topics[name] = t
	}
	return t
}

// push appends the newest event and evicts what no longer fits.
func (r *ring) push(e event.Event, frame []byte) *topic {
	t := r.topic(e.Topic())
	if e.Latest() {
		r.kill(t)
	}
	en := &entry{Frame: Frame{e.ID(), frame}, topic: t, expires: e.Expires()}
	t.entries = append(t.entries, en)
	r.entries = append(r.entries, en)
	r.bytes += len(frame)
	r.head = e.ID()
	for len(r.entries) > 1 && (len(r.entries) > r.maxEvents || r.bytes > r.maxBytes) {
		r.evict()
	}
	return t
}

// kill drops all of a topic's entries because a newer event replaces them. The
// log has dropped them too, so no reader can miss them.
func (r *ring) kill(t *topic) {
	for _, en := range t.entries {
		r.bytes -= len(en.Bytes)
		en.Bytes, en.dead = nil, true
		r.dead++
	}
	t.entries = nil
	if r.dead > len(r.entries)/2 { // amortised: each entry is moved once or twice
		r.entries = slices.DeleteFunc(r.entries, func(en *entry) bool { return en.dead })
		r.dead = 0
	}
}

// evict drops the oldest entry. Whoever needs it reads the log.
func (r *ring) evict() {
	en := r.entries[0]
	r.entries[0] = nil
	r.entries = r.entries[1:] // append copies the rest when it next grows
	r.evicted = en.ID.Seq()
	if en.dead {
		r.dead--
		return
	}
	t := en.topic
	t.entries[0] = nil
	t.entries = t.entries[1:]
	t.evicted = en.ID.Seq()
	r.bytes -= len(en.Bytes)
	r.forget(t)
}

// forget drops a topic's list when nothing is in it and nobody reads it.
func (r *ring) forget(t *topic) {
	if len(t.entries) == 0 && len(t.cursors) == 0 {
		delete(r.topics, t.name)
	}
}

// find returns the entry with that number, or nil.
func (r *ring) find(seq uint64) *entry {
	i, ok := slices.BinarySearchFunc(r.entries, seq, func(en *entry, seq uint64) int {
		switch s := en.ID.Seq(); {
		case s < seq:
			return -1
		case s > seq:
			return 1
		}
		return 0
	})
	if !ok {
		return nil
	}
	return r.entries[i]
}
