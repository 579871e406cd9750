package fanout

import (
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"github.com/seawaykit/seaway/shared/event"
)

var (
	// ErrBehind says that the next frames are no longer in the ring: Fetch them
	// from the log.
	ErrBehind = errors.New("the reader has fallen behind the ring")
	// ErrLost says that events after the cursor's position are gone: Restart.
	ErrLost = errors.New("events after the position are gone")
)

// A Cursor is one reader's position. Its methods are for one goroutine at a
// time; only Close may be called beside them.
type Cursor struct {
	hub   *Hub
	ring  *ring // the one the cursor was opened on; another one means it is lost
	subs  []sub
	pos   event.ID // everything of the topics up to here has been yielded
	wake  func()
	armed atomic.Bool // whether wake is owed; set by the reader, cleared by the hub
}

// A sub is a cursor's place in a topic.
type sub struct {
	topic *topic
	next  []*entry // scratch for one Take
}

// poke wakes the reader if it waits.
func (c *Cursor) poke() {
	if c.armed.CompareAndSwap(true, false) {
		c.wake()
	}
}

// Position returns the id to resume from: everything of the topics up to it has
// been yielded. While the reader waits it is the newest event of any topic.
func (c *Cursor) Position() event.ID { return c.pos }

// Take appends the next frames to dst, without blocking: at least one if there
// is any, and then as many as fit into maxBytes. With no frame and a nil error
// the reader is up to date, and wake will be called, once, when that changes.
// The error is [ErrBehind] or [ErrLost].
func (c *Cursor) Take(dst []Frame, maxBytes int) ([]Frame, error) {
	c.hub.mu.RLock()
	defer c.hub.mu.RUnlock()
	if c.ring != c.hub.ring {
		return dst, ErrLost
	}
	seq := c.pos.Seq()
	for i := range c.subs {
		if seq < c.subs[i].topic.evicted {
			return dst, ErrBehind
		}
		c.subs[i].next = c.subs[i].topic.after(seq)
	}
	start := len(dst)
	dst, drained := c.merge(dst, maxBytes)
	if drained {
		c.pos = c.ring.head
		c.armed.Store(len(dst) == start)
	}
	return dst, nil
}

// merge appends the subs' entries in the log's order and reports whether it
// took them all.
func (c *Cursor) merge(dst []Frame, room int) (frames []Frame, drained bool) {
	now := time.Time{}
	for start := len(dst); ; {
		s := c.oldest()
		if s == nil {
			return dst, true
		}
		en := s.next[0]
		if len(dst) > start && len(en.Bytes) > room {
			return dst, false
		}
		s.next = s.next[1:]
		c.pos = en.ID
		if !en.expires.IsZero() {
			if now.IsZero() {
				now = time.Now()
			}
			if !en.expires.After(now) {
				continue
			}
		}
		dst = append(dst, en.Frame)
		room -= len(en.Bytes)
	}
}

// oldest returns the sub whose next entry comes first, or nil.
func (c *Cursor) oldest() *sub {
	var first *sub
	for i := range c.subs {
		s := &c.subs[i]
		if len(s.next) > 0 && (first == nil || s.next[0].ID.Seq() < first.next[0].ID.Seq()) {
			first = s
		}
	}
	return first
}

// Close forgets the cursor. wake is not called after it returns.
func (c *Cursor) Close() {
	c.hub.mu.Lock()
	defer c.hub.mu.Unlock()
	c.detach()
}

// attach and detach need the hub's lock.

func (c *Cursor) attach(r *ring, topics []string) {
	c.ring = r
	c.subs = make([]sub, len(topics))
	for i, name := range topics {
		t := r.topic(name)
		t.cursors = append(t.cursors, c)
		c.subs[i] = sub{topic: t}
	}
}

func (c *Cursor) detach() {
	for _, s := range c.subs {
		// The order in which readers are woken is not promised, but keeping it
		// is fair to the oldest. A topic with 10,000 readers costs 10 us here.
		if i := slices.Index(s.topic.cursors, c); i >= 0 {
			s.topic.cursors = slices.Delete(s.topic.cursors, i, i+1)
		}
		c.ring.forget(s.topic)
	}
	c.subs = nil
}
