package source

import (
	"sync"
	"time"

	"github.com/seawaykit/seaway/shared/event"
)

// A loop is what the source's goroutine owns. It makes one connection after the
// other and all calls to the page.
type loop struct {
	*Source
	unwatch func() // ends the environment's pokes

	// after is the position to resume from.
	after event.ID
	// passed is the position if nobody listened for the frame that set it.
	passed event.ID
	// skew is the verdict on the last hello.
	skew Skew
	// standing is the server's hint of how long to wait before any try.
	standing time.Duration
	// patience is how long the server may be silent; zero if it promises nothing.
	patience time.Duration

	// timer wakes the goroutine for the first of these moments, or earlier.
	timer *time.Timer
	due   moment // bounds the present phase: see expire
	quiet moment // while Live: when the stream has been silent for too long
	batch moment // when OnBatch is next allowed; set while something waits for it
	floor moment // of a wait: only a person's click begins a try before it

	batched  time.Time // when OnBatch was called last
	dirty    bool      // what the page shows has changed since
	prompted bool      // the try is a poke's and does not count
	reprieve bool      // a try was made at once because the probe found a stream
	astray   bool      // the next connection asks for a position that is nowhere
	away     bool      // the page was put into the back/forward cache
	paused   bool      // by a developer

	// Of the present connection.
	url     string
	carrier string         // the name of its transport
	hangUp  func()         // ends it; nil between connections
	greeted bool           // its hello has come
	void    bool           // that announced a reset, which has not come
	inquiry *inquiry       // why it did not become a stream; nil if nobody asks
	probes  sync.WaitGroup // of all connections
}

// newLoop opens the first connection, so that Start can say why there is none.
func newLoop(s *Source) (*loop, error) {
	if err := s.opts.check(); err != nil {
		return nil, err
	}
	l := &loop{Source: s, after: s.opts.start()}
	if err := l.dial(); err != nil {
		return nil, err
	}
	l.due = l.in(s.opts.HelloWithin)
	l.timer = time.NewTimer(tick)
	l.unwatch = s.opts.Environment.Watch(func(p Poke) {
		s.orders.put(func(l *loop) { l.poked(p) })
	})
	return l, nil
}

func (l *loop) run() {
	defer close(l.done)
	l.dialed() // by newLoop
	l.become(State{Phase: Connecting, Attempt: 1})
	for l.state.Phase != Closed {
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
	case <-l.inbox.poke:
	case <-l.orders.poke:
	case a := <-l.inquiry.answer():
		l.judge(a)
	}
	l.drain() // first: frames that wait for the page are not silence
	for _, order := range l.orders.take() {
		if !l.over() {
			order(l)
		}
	}
	l.check()
	l.pace()
}

// stopped reports whether Close was called, after which no function of the page
// begins but the last OnState.
func (l *loop) stopped() bool {
	select {
	case <-l.closing:
		return true
	default:
		return false
	}
}

// over reports whether nothing is to be done any more.
func (l *loop) over() bool { return l.state.Phase == Closed || l.stopped() }

// drain deals with all that has arrived. It stops where a frame ends the
// connection: what comes behind it is told again on the next one.
func (l *loop) drain() {
	signals := l.inbox.take()
	if len(signals) == 0 {
		return
	}
	for _, s := range signals {
		if l.hangUp == nil || l.stopped() {
			return
		}
		l.hear(s)
	}
	l.stroke()
}

// check deals with the moments that have come.
func (l *loop) check() {
	now := l.now()
	switch {
	case l.over():
	case l.quiet.past(now):
		l.suspect()
	case l.due.past(now):
		l.expire(now)
	}
}

// become makes next the state and tells the page. The position is kept.
func (l *loop) become(next State) {
	if next.Phase != Live {
		l.quiet = moment{}
	}
	l.mu.Lock()
	next.Position, next.Transport, next.Skew = l.after, l.carrier, l.skew
	old := l.state
	l.state = next
	l.mu.Unlock()
	old.Position = next.Position
	if next == old || l.stopped() && next.Phase != Closed {
		return
	}
	l.note(Trace{Kind: StateChanged, State: next})
	for _, fn := range l.onState {
		fn(next)
	}
}

// advance makes id the position to resume from.
func (l *loop) advance(id event.ID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.after, l.state.Position = id, id
}
