package reactor

import (
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Options configure a [Reactor]. All but AfterPass must be set.
type Options struct {
	Loops        int           // how many goroutines write
	Idle         time.Duration // after which a connection is quiet
	WriteTimeout time.Duration // after which one that takes nothing is closed

	// AfterPass is called by loop number i at the end of each pass, for state that
	// its sources share. Default: nothing is called.
	AfterPass func(i int)
}

// A Reactor writes to many connections with a few goroutines: the loops, each of which
// owns its share of the connections, and one that polls the kernel for connections that
// were closed or have room again. Make it with [New], and end it with [Reactor.Stop].
type Reactor struct {
	loops []*loop
	next  atomic.Uint32 // the loop that gets the next connection
	epoch time.Time     // from which the loops count time

	started    sync.Once
	stopped    sync.Once
	poller     *poller // nil if this platform has none, or before it is started
	quit       chan struct{}
	goroutines sync.WaitGroup
}

// New returns a Reactor that has no goroutine yet.
func New(opts Options) *Reactor {
	if opts.AfterPass == nil {
		opts.AfterPass = func(int) {}
	}
	r := &Reactor{epoch: time.Now(), quit: make(chan struct{}), loops: make([]*loop, opts.Loops)}
	for i := range r.loops {
		r.loops[i] = newLoop(r, i, opts)
	}
	return r
}

// start starts the goroutines, once, and reports whether they run.
func (r *Reactor) start() bool {
	r.started.Do(func() {
		poller, err := newPoller()
		if err != nil {
			return // the connections stay on net/http, which needs none
		}
		r.poller = poller
		r.goroutines.Go(func() { poller.run(report) })
		for _, l := range r.loops {
			r.goroutines.Go(l.run)
		}
	})
	return r.poller != nil
}

// Stop ends the goroutines and waits for them. There must be no connection left, and
// none may be added.
func (r *Reactor) Stop() {
	r.stopped.Do(func() {
		r.started.Do(func() {}) // if it has not started it never will
		close(r.quit)
		if r.poller != nil {
			r.poller.close()
		}
		r.goroutines.Wait()
	})
}

// Adopt gives conn, whose descriptor is raw, to a loop, which closes it in the end. c is
// a part of source; it writes first before it asks the source. Nothing happens before
// [Conn.Start], which must follow.
func (r *Reactor) Adopt(c *Conn, conn net.Conn, raw syscall.RawConn, source Source, first []byte) {
	l := r.loops[int(r.next.Add(1))%len(r.loops)]
	c.loop, c.source, c.conn, c.raw, c.kept = l, source, conn, raw, first
	l.counters.open.Add(1)
}

// Pass makes one pass of loop i, at a time since the beginning, for tests and benchmarks
// that drive the reactor by hand: it has no goroutine then, and does not poll the
// kernel.
func (r *Reactor) Pass(i int, now time.Duration) {
	r.started.Do(func() { r.poller, _ = newPoller() })
	r.loops[i].pass(now)
}

// report passes an event of the poller to the connection's loop.
func report(c *Conn, closed bool) {
	if closed {
		c.Close()
	} else {
		c.Wake()
	}
}

// now returns the time since the reactor was made: less to keep, and to compare, than a
// time.Time.
func (r *Reactor) now() time.Duration { return time.Since(r.epoch) }
