package reactor

import (
	"slices"
	"time"
)

// The methods in this file are for the connection's Source only, from its loop.

// Loop returns the number of the connection's loop, from 0. It never changes.
func (c *Conn) Loop() int { return c.loop.index }

// Room writes the kept bytes, and reports whether the connection is open and has
// taken all of them.
func (c *Conn) Room() bool { return c.loop.flush(c) }

// Write writes as much of p as the connection has room for, and returns how much that
// is. If that is not all, the caller must [Conn.Keep] the rest, which need not be the
// same memory. The connection may be closed then: keeping makes no difference to it.
func (c *Conn) Write(p []byte) (n int) {
	if c.state != open {
		return 0
	}
	n, _ = c.loop.write(c, p)
	return n
}

// Keep makes the loop write rest, which is not empty and must not change, as soon as
// there is room, and then call Ready. It reports false if the connection has been
// closed.
func (c *Conn) Keep(rest []byte) bool {
	if c.state != open {
		return false
	}
	c.kept = rest
	c.loop.block(c, blocked)
	return true
}

// Send writes p, which must not change, after the kept bytes, and keeps what does
// not fit. It reports whether there is room for more.
func (c *Conn) Send(p []byte) bool {
	if c.state == blocked {
		c.keepMore(p)
		return c.Room()
	}
	if n := c.Write(p); n < len(p) {
		c.Keep(p[n:])
	}
	return c.state == open
}

// Finish writes the kept bytes and then last, and closes the connection.
func (c *Conn) Finish(last []byte) {
	if c.state == closing || c.state == closed {
		return
	}
	c.keepMore(last)
	begun := c.state != fresh
	c.loop.block(c, closing)
	if begun {
		c.loop.flush(c)
	}
}

// keepMore copies: the kept bytes may be a slice of what other connections
// write.
func (c *Conn) keepMore(p []byte) { c.kept = append(slices.Clip(c.kept), p...) }

// Abort closes the connection at once, because of err.
func (c *Conn) Abort(err error) {
	if c.state != closed {
		c.loop.end(c, err)
	}
}

// Again makes the loop call Ready in the next pass, after the other
// connections.
func (c *Conn) Again() { c.loop.again = append(c.loop.again, c) }

// WakeIn makes the loop call Ready after d, or when the idle time is over if that is
// earlier.
func (c *Conn) WakeIn(d time.Duration) {
	if l := c.loop; c.state == open {
		l.wheel.schedule(c, min(l.now+d, c.since+l.opts.Idle))
	}
}
