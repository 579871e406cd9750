package fanout

import (
	"errors"
	"sync/atomic"

	"github.com/seawaykit/seaway/shared/event"
)

var (
	// ErrBehind means that the next frames are no longer in the ring: Fetch
	// them from the log.
	ErrBehind = errors.New("the reader has fallen behind the ring")
	// ErrLost means that events after the cursor's position are gone: Restart.
	ErrLost = errors.New("events after the position are gone")
)

// A Cursor yields the frames of its topics that follow a position, to one
// reader. Its methods are for one goroutine at a time; only Close may be called
// concurrently.
//
// A reader with a goroutine of its own calls Take, and Fetch when it is behind.
// A transport that serves many cursors asks the hub what follows their common
// [Offset], by [Hub.Peek] or [Hub.Fetch], moves each cursor as far as it has
// written, by MoveTo, and calls Wait when there is no more.
type Cursor struct {
	hub   *Hub
	group *group
	index int // in the group's cursors
	pos   event.ID
	seq   atomic.Uint64 // pos's number, for Stats
	wake  func()
	armed atomic.Bool // whether wake is to be called; set by the reader, cleared by the hub
}

// notify wakes the reader if it waits.
func (c *Cursor) notify() {
	if c.armed.Load() && c.armed.CompareAndSwap(true, false) {
		c.wake()
	}
}

// OnWake sets the wake function that was not known when the cursor was opened. It must
// come before the reader first waits.
func (c *Cursor) OnWake(wake func()) { c.wake = wake }

// Position returns the id to resume from: everything of the topics up to it has
// been yielded. While the reader waits it is the newest event of any topic.
func (c *Cursor) Position() event.ID { return c.pos }

// Offset returns the cursor's topics and position, as a key that equal cursors
// share.
func (c *Cursor) Offset() Offset { return Offset{c.group, c.pos.Seq()} }

// MoveTo sets the position to id: the one that Peek or Fetch returned as next,
// or the id of one of the frames. It does not move back: the log can have taken
// a reader past the ring's head, which follows later.
func (c *Cursor) MoveTo(id event.ID) {
	if id.Seq() >= c.pos.Seq() {
		c.set(id)
	}
}

func (c *Cursor) set(id event.ID) {
	c.pos = id
	c.seq.Store(id.Seq())
}

// Wait asks for a wake-up, after the reader has taken all frames. If it returns
// true, wake will be called, once, when there are more; if false, there are
// more already.
func (c *Cursor) Wait() bool {
	c.armed.Store(true)
	if !c.hasMore() {
		return true
	}
	// The side that disarms it is responsible: if the hub was first, wake is
	// called.
	return !c.armed.CompareAndSwap(true, false)
}

// hasMore reports whether there are frames after the cursor's position. It
// takes no lock: the hub stores new frames before it checks which cursors wait,
// and Wait marks the cursor as waiting before it checks for new frames.
func (c *Cursor) hasMore() bool {
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
		frames, next, err := c.hub.Peek(c.Offset(), dst, maxBytes)
		if err != nil {
			return dst, err
		}
		c.MoveTo(next)
		if len(frames) > len(dst) || c.Wait() {
			return frames, nil
		}
	}
}

// Close removes the cursor from the hub. wake is not called after it returns.
func (c *Cursor) Close() {
	c.hub.mu.Lock()
	defer c.hub.mu.Unlock()
	if c.group != nil {
		c.group.leave(c)
		c.group = nil
	}
}
