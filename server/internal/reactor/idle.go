package reactor

import "errors"

var (
	errGone      = errors.New("the client has gone")
	errSlow      = errors.New("the client took nothing for the write timeout")
	errUnwatched = errors.New("the connection cannot be watched")
)

// idle handles a connection that the timer wheel reports: it closes one that is stuck,
// and calls Quiet of one that is quiet.
func (l *loop) idle(c *Conn) {
	if c.state != open {
		l.retry(c)
		return
	}
	c.source.Ready()
	if c.state == open && l.now-c.since > l.opts.Idle-l.wheel.tick {
		c.source.Quiet()
	}
	if c.state == open {
		l.wheel.schedule(c, c.since+l.opts.Idle)
	}
}

// retry tries once more to write to a connection without room when its write timeout is
// over. The kernel reports room only when a third of the buffer is free: a client on a
// slow line may have taken less than that, and is not stuck.
func (l *loop) retry(c *Conn) {
	limit := c.since + l.opts.WriteTimeout
	if l.now < limit {
		l.wheel.schedule(c, limit+l.wheel.tick)
		return
	}
	before := c.since
	l.serve(c)
	if c.state >= blocked && c.state < closed && c.since == before {
		l.counters.slow.Add(1)
		l.end(c, errSlow)
	}
}
