package source

import (
	"time"

	"github.com/seawaykit/seaway/shared/event"
)

// A loop is what the source's goroutine owns. It makes one connection after the
// other and all calls to the page.
type loop struct {
	*Source
	// timer bounds the present phase: in Connecting it gives the try up, in
	// Live it finds the stream healthy, in Waiting it begins the next try.
	timer *time.Timer
	// after is the position to resume from.
	after event.ID
	// passed is the position if nobody listened for the frame that set it.
	passed event.ID
	// pause is the server's standing hint of how long to wait.
	pause time.Duration
	// skew is the verdict on the last hello.
	skew Skew
	// dirty says that a batch has changed what the page shows.
	dirty bool

	// Of the present connection.
	hangUp  func() // ends it; nil between connections
	greeted bool   // its hello has come
	void    bool   // that announced a reset, which has not come
}

// newLoop opens the first connection, so that Start can say why there is none.
func newLoop(s *Source) (*loop, error) {
	if err := s.opts.check(); err != nil {
		return nil, err
	}
	l := &loop{Source: s, after: s.opts.After}
	if err := l.dial(); err != nil {
		return nil, err
	}
	l.timer = time.NewTimer(s.opts.HelloWithin)
	return l, nil
}

func (l *loop) run() {
	defer close(l.done)
	l.become(State{Phase: Connecting, Attempt: 1})
	for l.state.Phase != Closed {
		l.step()
	}
}

// step waits for one thing to happen and deals with it.
func (l *loop) step() {
	if l.stopped() { // before anything else that is ready as well
		l.end(Reason{})
		return
	}
	select {
	case <-l.closing: // seen by the next step
	case <-l.inbox.poke:
		l.drain()
	case <-l.timer.C:
		l.elapse()
	case <-l.retry:
		if l.state.Phase == Waiting || l.state.Phase == Incompatible {
			l.connect()
		}
	}
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

// drain deals with all that has arrived. It stops where a frame ends the
// connection: what comes behind it is told again on the next one.
func (l *loop) drain() {
	for _, s := range l.inbox.take() {
		if l.hangUp == nil || l.stopped() {
			break
		}
		l.hear(s)
	}
	if l.dirty && !l.stopped() {
		for _, fn := range l.onBatch {
			fn()
		}
	}
	l.dirty = false
}

// become makes next the state and tells the page. The position is kept.
func (l *loop) become(next State) {
	l.mu.Lock()
	next.Position, next.Skew = l.after, l.skew
	old := l.state
	l.state = next
	l.mu.Unlock()
	old.Position = next.Position
	if next == old || l.stopped() && next.Phase != Closed {
		return
	}
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
