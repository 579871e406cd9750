package fanout

import (
	"sort"
	"sync/atomic"
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
	expires time.Time // zero: never
}

// expired reports whether the event's lifetime is over.
func (en *entry) expired() bool { return !en.expires.IsZero() && !en.expires.After(time.Now()) }

// A topic lists the ring's events of one topic, and the groups of its cursors.
type topic struct {
	name         string
	entries      queue[entry] // oldest first
	evicted      uint64       // all entries of the topic above this number are in the ring
	replacedUpTo uint64       // a newer event has replaced all entries up to this number
	last         atomic.Uint64
	groups       []*group // whose cursors are to be woken
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

// forget drops a topic's list when it is empty and has no cursors.
func (r *ring) forget(t *topic) {
	if t.entries.len() == 0 && len(t.groups) == 0 {
		delete(r.topics, t.name)
	}
}

// after returns the entries with numbers above seq.
func (t *topic) after(seq uint64) []entry {
	entries := t.entries.all()
	n := len(entries)
	if n == 0 || entries[n-1].ID.Seq() <= seq {
		return nil // the common case: the reader is up to date
	}
	return entries[sort.Search(n, func(i int) bool { return entries[i].ID.Seq() > seq }):]
}

// wake wakes the topic's readers.
func (t *topic) wake() {
	for _, g := range t.groups {
		g.wake()
	}
}
