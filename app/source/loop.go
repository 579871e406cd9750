package source

import (
	"sync"
	"time"

	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
)

// tick is how often the clocks are looked at, at least, while something is due:
// a laptop's sleep is noticed so long after it has ended, even in a browser that
// has no event for it.
const tick = 5 * time.Second

// A loop is what the source's goroutine owns. It makes one connection after the
// other and all calls to the page. Its methods are in the files report.go, the
// calls to the page; connection.go; phase.go, what follows what; stream.go, what
// the server sends; and here.
type loop struct {
	*Source
	clock
	mode    mode   // besides state, which is reported to the page: see report.go
	unwatch func() // ends the environment's page events

	// after is the position to resume from.
	after event.ID
	// instead is asked for in its place until the next hello: see Gap.
	instead event.ID
	// passed is the position if the page did not listen for the frame that set it.
	passed event.ID
	// skew is the verdict on the last hello.
	skew Skew
	// standing is the server's hint of how long to wait before any try.
	standing time.Duration
	// timeout is how long the server may be silent; zero if it promises nothing.
	timeout time.Duration
	// prompted means that the present try is a page event's, and does not count.
	prompted bool
	// repeats counts the tries since the last hello that were made at once because
	// a probe found a stream. There is one at most: more would be a storm.
	repeats int

	// floors are the numbers, by topic, up to which events are older than the retained
	// ones that the page has: the connection may bring them, if it was behind.
	floors map[string]uint64
	// joins are topics on their way onto the connection: see join.go.
	joins []*join

	// timer wakes the goroutine for the first of these moments, or earlier.
	timer *time.Timer
	due   moment // bounds the present mode: see expire
	quiet moment // while Live: when the stream has been silent for too long
	batch moment // when OnBatch is next called; set while something waits for it
	floor moment // of a wait: only a user's click begins a try before it

	batched time.Time // when OnBatch was called last

	// Of the present connection.
	url       string
	asked     []string       // the topics in it
	carrier   string         // the name of its transport
	closeConn func()         // ends it; nil if there is none to end
	inquiry   *inquiry       // why it did not become a stream; nil if nothing is asked
	probes    sync.WaitGroup // of all connections
}

// newLoop opens the first connection, so that Start can say why there is none.
func newLoop(s *Source) (*loop, error) {
	if err := s.opts.check(); err != nil {
		return nil, err
	}
	l := &loop{Source: s, clock: clock{s.opts.Environment}, after: s.opts.start(), floors: map[string]uint64{}}
	if err := l.dial(); err != nil {
		return nil, err
	}
	l.due = l.in(s.opts.HelloWithin)
	l.timer = time.NewTimer(tick)
	l.unwatch = s.opts.Environment.Watch(func(p PageEvent) {
		s.orders.Put(func() { l.pageEvent(p) })
	})
	return l, nil
}

func (l *loop) run() {
	defer close(l.done)
	l.dialed() // by newLoop
	l.enter(opening, State{Attempt: 1})
	for l.mode != closed {
		l.step()
	}
	l.timer.Stop()
	l.unwatch()
	l.probes.Wait()
}

// step waits until something happens and then looks after everything: what
// woke it says little about what is due after a sleep.
func (l *loop) step() {
	l.arm()
	if l.stopped() { // before anything else that is ready as well
		l.end(Reason{})
		return
	}
	select {
	case <-l.closing: // seen by the next step
	case <-l.timer.C:
	case <-l.inbox.Ready():
	case <-l.orders.Ready():
	case f := <-l.inquiry.answer():
		l.judge(f)
	case <-l.joinReady():
	case f := <-l.joinAnswer():
		j := l.joining()
		l.note(Trace{Kind: Probed, URL: j.inquiry.url, Answer: f.Answer, Err: f.err})
		l.decideJoin(j, f)
	}
	l.drain() // first: frames that wait for the page are not silence
	for _, order := range l.orders.Take() {
		if !l.over() {
			order()
		}
	}
	l.check()
	l.advanceJoins()
	l.pace()
}

// arm sets the timer to the next moment at which there may be something to do.
func (l *loop) arm() {
	now, next, any := l.now(), tick, false
	for _, m := range [...]moment{l.due, l.quiet, l.batch, l.nextJoin()} {
		if m.isSet() {
			next, any = min(next, m.after(now)), true
		}
	}
	if any {
		l.timer.Reset(max(next, 0))
	} else {
		l.timer.Stop()
	}
}

// drain deals with all that has arrived. It stops where a frame ends the
// connection: what comes behind it is sent again on the next one.
func (l *loop) drain() {
	signals := l.inbox.take()
	if len(signals) == 0 {
		return
	}
	for _, s := range signals {
		if !l.mode.connected() || l.stopped() {
			return
		}
		l.receive(s)
	}
	l.resetWatchdog()
}

// resetWatchdog begins the silence anew: a frame has come, of whatever kind.
func (l *loop) resetWatchdog() {
	if l.mode.greeted() && l.timeout > 0 {
		l.quiet = l.in(l.timeout)
	}
}

// receive deals with one signal of the connection.
func (l *loop) receive(s transport.Signal) {
	l.note(Trace{Kind: Signalled, Signal: s})
	l.learn(s)
	switch s.Kind {
	case transport.ConnectionOpened:
		l.reportReady(s.ReadyState)
	case transport.FrameArrived:
		l.read(s.Frame)
	case transport.ConnectionFailed:
		l.lose(s)
	}
}

// check deals with the moments that have come.
func (l *loop) check() {
	now := l.now()
	switch {
	case l.over():
	case l.quiet.past(now):
		l.wentSilent()
	case l.due.past(now):
		l.expire(now)
	}
}
