package sse

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seawaykit/seaway/server/fanout"
)

// An engine serves the streams whose connections were taken over, with a few
// goroutines: the writers, each of which owns its share of the streams; one
// that hears from the kernel which connection has closed or has room again; and
// some that read the log while streams are behind the ring. They begin with the
// first stream and end with stop.
type engine struct {
	handler *Handler
	hub     *fanout.Hub
	opts    Options

	writers []*writer
	next    atomic.Uint32 // whose turn it is to get a stream
	replays replays
	epoch   time.Time // from which the writers count time

	started    sync.Once
	stopped    sync.Once
	watch      *watch // nil if this platform cannot, or before start
	quit       chan struct{}
	goroutines sync.WaitGroup
}

func newEngine(h *Handler) *engine {
	e := &engine{handler: h, hub: h.hub, opts: h.opts, epoch: time.Now(), quit: make(chan struct{})}
	e.writers = make([]*writer, e.opts.Writers)
	for i := range e.writers {
		e.writers[i] = newWriter(e)
	}
	e.replays.begin(h.hub)
	return e
}

// start starts the goroutines, once, and reports whether they run.
func (e *engine) start() bool {
	e.started.Do(func() {
		watch, err := newWatch()
		if err != nil {
			return // the other path needs none
		}
		e.watch = watch
		e.goroutines.Go(func() { watch.run(report) })
		for _, w := range e.writers {
			e.goroutines.Go(w.run)
		}
	})
	return e.watch != nil
}

// stop ends the goroutines and waits for them. There must be no stream left,
// and none may come.
func (e *engine) stop() {
	e.stopped.Do(func() {
		e.started.Do(func() {}) // if it has not started it never will
		close(e.quit)
		e.replays.stop()
		if e.watch != nil {
			e.watch.close()
		}
		e.goroutines.Wait()
	})
}

// add gives a stream to a writer, or returns false if its connection has no
// descriptor to write to. The stream is cut when base ends.
func (e *engine) add(base context.Context, s *stream) bool {
	raw, ok := descriptor(s.conn)
	if !ok {
		return false
	}
	s.raw = raw
	s.writer = e.writers[int(e.next.Add(1))%len(e.writers)]
	s.writer.tally.fast.Add(1)
	if base.Done() != nil {
		s.unbind = context.AfterFunc(base, s.cut)
	}
	e.handler.enter(s)
	s.writer.inbox.put(note{stream: s, what: joined})
	return true
}

// report tells a stream's writer what the kernel says.
func report(s *stream, closed bool) {
	what := woken
	if closed {
		what = gone
	}
	s.writer.inbox.put(note{stream: s, what: what})
}

// now returns the time since the engine was made: less to keep, and to compare,
// than a time.Time.
func (e *engine) now() time.Duration { return time.Since(e.epoch) }
