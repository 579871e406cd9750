package fanout

import (
	"errors"
	"sync/atomic"

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
//
// A reader with a goroutine of its own calls Take, and Fetch when it is behind.
// A transport that serves many cursors asks the hub what follows their common
// [Spot], by [Hub.Peek] or [Hub.Fetch], and says how far each has come: MoveTo,
// and Wait when there is no more.
type Cursor struct {
	hub   *Hub
	group *group
	index int // in the group's cursors
	pos   event.ID
	seq   atomic.Uint64 // pos's number, for Stats
	wake  func()
	armed atomic.Bool // whether wake is owed; set by the reader, cleared by the hub
}

// poke wakes the reader if it waits.
func (c *Cursor) poke() {
	if c.armed.Load() && c.armed.CompareAndSwap(true, false) {
		c.wake()
	}
}

// Position returns the id to resume from: everything of the topics up to it has
// been yielded. While the reader waits it is the newest event of any topic.
func (c *Cursor) Position() event.ID { return c.pos }

// Spot returns where the cursor stands.
func (c *Cursor) Spot() Spot { return Spot{c.group, c.pos.Seq()} }

// MoveTo says that the reader has all frames up to id: the one that Peek or
// Fetch returned as next, or that of one of the frames. It does not move back:
// the log can have taken a reader past the ring's head, which follows later.
func (c *Cursor) MoveTo(id event.ID) {
	if id.Seq() >= c.pos.Seq() {
		c.set(id)
	}
}

func (c *Cursor) set(id event.ID) {
	c.pos = id
	c.seq.Store(id.Seq())
}

// Wait says that the reader has taken all there was. If it returns true, wake
// will be called, once, when there is more; if false, there is more already.
func (c *Cursor) Wait() bool {
	c.armed.Store(true)
	if !c.overtaken() {
		return true
	}
	// Whoever disarms it answers for it: if the hub was first, wake is called.
	return !c.armed.CompareAndSwap(true, false)
}

// overtaken reports whether something has come after the cursor's position. It
// takes no lock: the hub stores what is new before it looks whom to wake, and
// Wait says that it waits before it looks what is new.
func (c *Cursor) overtaken() bool {
	if c.group.ring.replaced.Load() {
		return true
	}
	for _, t := range c.group.topics {
		if t.last.Load() > c.pos.Seq() {
			return true
		}
	}
	return false
}

// Take appends the next frames to dst, without blocking: at least one if there
// is any, and then as many as fit into maxBytes. With no frame and a nil error
// the reader is up to date, and wake will be called, once, when that changes.
// The error is [ErrBehind] or [ErrLost].
func (c *Cursor) Take(dst []Frame, maxBytes int) ([]Frame, error) {
	for {
		frames, next, err := c.hub.Peek(c.Spot(), dst, maxBytes)
		if err != nil {
			return dst, err
		}
		c.MoveTo(next)
		if len(frames) > len(dst) || c.Wait() {
			return frames, nil
		}
	}
}

// Close forgets the cursor. wake is not called after it returns.
func (c *Cursor) Close() {
	c.hub.mu.Lock()
	defer c.hub.mu.Unlock()
	if c.group != nil {
		c.group.leave(c)
		c.group = nil
	}
}
