package fanout

import (
	"slices"
	"sync/atomic"
	"time"

	"github.com/seawaykit/seaway/shared/event"
)

// A ring holds the newest events, by topic and in their order across topics. It
// is guarded by its hub's lock.
type ring struct {
	epoch               string
	maxEvents, maxBytes int

	order         queue[slot] // oldest first
	topics        map[string]*topic
	groups        map[string]*group
	bytes         int
	replacedSlots int       // how many of order are
	evicted       uint64    // all events above this number, up to head, are in the ring
	head          event.ID  // the newest event, or the position before the first
	time          time.Time // when the newest event was stored; zero if none was seen

	replaced atomic.Bool // by another ring: the log was replaced
}

// A slot is one event's place in the order of eviction.
type slot struct {
	topic *topic
	seq   uint64
}

// replaced reports whether a newer event of the topic has replaced this one.
func (s slot) replaced() bool { return s.seq <= s.topic.replacedUpTo }

// newRing returns an empty ring that begins right after start.
func newRing(start event.ID, maxEvents, maxBytes int) *ring {
	return &ring{
		epoch: start.Epoch(), maxEvents: maxEvents, maxBytes: maxBytes,
		topics: map[string]*topic{}, groups: map[string]*group{},
		evicted: start.Seq(), head: start,
	}
}

// push appends the newest event and evicts what no longer fits. Apart from the
// growth of its queues, and a topic that is new, it allocates nothing.
func (r *ring) push(e event.Event, frame []byte) *topic {
	t := r.topic(e.Topic())
	if e.Latest() {
		r.dropReplaced(t)
	}
	seq := e.ID().Seq()
	t.entries.push(entry{Frame{e.ID(), frame}, e.Expires()})
	t.last.Store(seq)
	r.order.push(slot{t, seq})
	r.bytes += len(frame)
	r.head, r.time = e.ID(), e.Time()
	for r.order.len() > 1 && (r.order.len() > r.maxEvents || r.bytes > r.maxBytes) {
		r.evict()
	}
	return t
}

// dropReplaced drops all of a topic's entries because a newer event replaces
// them. The log has dropped them too, so no reader misses them.
func (r *ring) dropReplaced(t *topic) {
	entries := t.entries.all()
	if len(entries) == 0 {
		return
	}
	for _, en := range entries {
		r.bytes -= len(en.Bytes)
	}
	r.replacedSlots += len(entries)
	t.replacedUpTo = entries[len(entries)-1].ID.Seq()
	t.entries.set(t.entries.items[:0])
	if r.replacedSlots > r.order.len()/2 { // amortised: each slot is moved once or twice
		kept := slices.DeleteFunc(r.order.all(), slot.replaced)
		r.order.set(r.order.items[:copy(r.order.items, kept)])
		r.replacedSlots = 0
	}
}

// evict drops the oldest entry. A reader that needs it reads the log.
func (r *ring) evict() {
	s := r.order.all()[0]
	r.order.pop()
	r.evicted = s.seq
	if s.replaced() {
		r.replacedSlots--
		return
	}
	t := s.topic
	r.bytes -= len(t.entries.all()[0].Bytes)
	t.entries.pop()
	t.evicted = s.seq
	r.forget(t)
}

// find returns the id and the topic of the event with that number, if it is in the ring.
func (r *ring) find(seq uint64) (id event.ID, of *topic, ok bool) {
	order := r.order.all()
	i, ok := slices.BinarySearchFunc(order, seq, func(s slot, seq uint64) int {
		switch {
		case s.seq < seq:
			return -1
		case s.seq > seq:
			return 1
		}
		return 0
	})
	if !ok || order[i].replaced() {
		return event.ID{}, nil, false
	}
	return order[i].topic.after(seq - 1)[0].ID, order[i].topic, true
}
