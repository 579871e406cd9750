package reactor

import (
	"context"
	"time"
)

// A loop serves its share of the connections from one goroutine; nothing else touches
// them. In each pass it makes one non-blocking write for each connection that has
// something to write.
type loop struct {
	reactor  *Reactor
	index    int
	opts     Options
	inbox    inbox
	counters counters

	now      time.Duration // the time of the pass
	messages []message     // of the pass
	again    []*Conn       // connections that have not written all in this pass
	before   []*Conn       // and in the pass before
	wheel    timerWheel
	try      tryWrite
}

func newLoop(r *Reactor, index int, opts Options) *loop {
	l := &loop{reactor: r, index: index, opts: opts}
	l.inbox.signal = make(chan struct{}, 1)
	// Quiet may be called a tick early, which is 3 %, but not late.
	l.wheel.tick = max(min(opts.Idle, opts.WriteTimeout)/32, time.Millisecond)
	l.try.prepare()
	return l
}

// run makes passes until the reactor stops. The ticker stands still while there are no
// connections.
func (l *loop) run() {
	ticker := time.NewTicker(l.wheel.tick)
	defer ticker.Stop()
	for ticking := true; ; {
		if len(l.again) == 0 {
			select {
			case <-l.inbox.signal:
			case <-ticker.C:
			case <-l.reactor.quit:
				return
			}
		}
		l.pass(l.reactor.now())
		if want := l.wheel.count > 0; want && !ticking {
			ticker.Reset(l.wheel.tick)
			ticking = true
		} else if !want && ticking {
			ticker.Stop()
			ticking = false
		}
	}
}

// pass serves each connection that has something to write once.
func (l *loop) pass(now time.Duration) {
	l.now = now
	l.wheel.advance(now, l.idle)
	l.before, l.again = l.again, l.before[:0]
	for _, c := range l.before {
		l.serve(c)
	}
	clear(l.before)
	l.messages = l.inbox.take(l.messages)
	for _, m := range l.messages {
		l.handle(m)
	}
	clear(l.messages)
	l.opts.AfterPass(l.index)
	l.counters.bytes.Add(uint64(l.try.bytes))
	l.try.bytes = 0
}

func (l *loop) handle(m message) {
	switch m.kind {
	case posted:
		m.conn.source.Receive(m.body)
	case woken:
		l.serve(m.conn)
	case gone:
		m.conn.Abort(errGone)
	case started:
		l.begin(m.conn, m.body.(context.Context))
	}
}

// begin adds a connection to the poller, and writes its first bytes. A message may have
// finished or closed it before.
func (l *loop) begin(c *Conn, ctx context.Context) {
	if c.state == closed {
		return
	}
	if ctx.Done() != nil {
		c.unbind = context.AfterFunc(ctx, c.Close)
	}
	if !l.reactor.poller.add(c) {
		l.end(c, errUnwatched)
		return
	}
	if c.state == fresh {
		c.state, c.since = open, l.now
		l.wheel.schedule(c, c.since+l.opts.Idle)
	}
	l.serve(c)
}

// serve asks the source for more, if there is room.
func (l *loop) serve(c *Conn) {
	if l.flush(c) {
		c.source.Ready()
	}
}

// flush writes the kept bytes. It reports whether the connection is open and has
// taken all of them.
func (l *loop) flush(c *Conn) bool {
	if c.state == fresh || c.state == closed {
		return false
	}
	if len(c.kept) > 0 {
		n, err := l.write(c, c.kept)
		if err != nil {
			return false
		}
		if c.kept = c.kept[n:]; len(c.kept) > 0 {
			l.block(c, max(c.state, blocked))
			return false
		}
		c.kept = nil
	}
	switch c.state {
	case closing:
		l.end(c, nil)
		return false
	case blocked:
		c.state = open
		l.counters.blocked.Add(-1)
		l.wheel.schedule(c, c.since+l.opts.Idle)
	}
	return true
}

// write makes one write, if there is anything to write. An error has closed the
// connection.
func (l *loop) write(c *Conn, p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	n, err := l.try.write(c.raw, p)
	if err != nil {
		l.end(c, err)
		return 0, err
	}
	if n > 0 {
		c.since = l.now
	}
	return n, nil
}

// block suspends a connection until it has room, which the poller reports. Until the
// write timeout it costs one entry of the timer wheel.
func (l *loop) block(c *Conn, to state) {
	if c.state < blocked {
		c.since = l.now
		l.counters.blocked.Add(1)
	}
	c.state = to
	l.wheel.schedule(c, c.since+l.opts.WriteTimeout)
}

// end closes a connection.
func (l *loop) end(c *Conn, err error) {
	if c.state == blocked || c.state == closing {
		l.counters.blocked.Add(-1)
	}
	c.state, c.kept = closed, nil
	l.counters.open.Add(-1)
	l.wheel.remove(c)
	l.reactor.poller.forget(c)
	if c.unbind != nil {
		c.unbind()
	}
	c.conn.Close()
	c.source.Closed(err)
}
