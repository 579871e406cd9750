package source

import (
	"cmp"
	"errors"
	"time"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
)

// offlineWait is the shortest wait without a network. There is one at all
// because browsers are sometimes wrong about that.
const offlineWait = 30 * time.Second

// try makes the try of that number.
func (l *loop) try(as Phase, attempt int, why Reason) {
	if err := l.dial(); err != nil {
		l.wait(Reason{Text: err.Error()}, 0)
		return
	}
	l.due = l.in(l.opts.HelloWithin)
	l.dialed()
	l.become(State{Phase: as, Attempt: attempt, Reason: why})
}

// dial opens a connection that resumes after the position.
func (l *loop) dial() (err error) {
	l.drop()
	after := l.after
	if l.astray {
		after = nowhere
	}
	if l.url, err = l.opts.address(after); err != nil {
		return err
	}
	l.greeted, l.void = false, false
	hangUp, err := l.transport.Open(Request{URL: l.url, Names: l.names()}, l.inbox.renew())
	if err != nil {
		return err
	}
	l.hangUp, l.carrier = hangUp, nameOf(l.transport)
	return nil
}

// dialed takes note of a connection that was begun.
func (l *loop) dialed() {
	l.note(Trace{Kind: Dialed, Transport: l.carrier, URL: l.url})
}

// drop ends the connection, if there is one, or the question why there is none.
// What it has said but the page was not told is not going to be: the next
// connection says it again.
func (l *loop) drop() {
	if l.hangUp != nil {
		l.hangUp()
		l.hangUp = nil
	}
	if l.inquiry != nil {
		l.inquiry.cancel()
		l.inquiry = nil
	}
}

// wait ends the connection and sets the time of the next try. The server's hint
// for this one wait is a floor, and so is its standing one. A try that was made
// because of a poke does not count: it says nothing of the ones before.
func (l *loop) wait(why Reason, floor time.Duration) {
	l.drop()
	next := l.state.Attempt + 1
	if l.prompted {
		next = l.state.Attempt
	}
	l.linger(next, why, floor)
}

// linger waits for the try of that number, or for a network.
func (l *loop) linger(next int, why Reason, floor time.Duration) {
	phase, backoff, hint := Waiting, l.opts.Backoff, max(floor, l.standing)
	if l.opts.Environment.Hidden() {
		backoff.Max *= 2
	}
	if !l.opts.Environment.Online() {
		phase, hint = Offline, max(hint, offlineWait)
	}
	l.due, l.floor, l.prompted = l.in(backoff.delay(next, hint, l.opts.Rand())), l.in(floor), false
	l.become(State{Phase: phase, ReadyState: l.state.ReadyState, Attempt: next, Until: l.due.wall, Reason: why})
}

// rest ends the connection and waits for nothing but a poke or a person. The page
// is told first: a transport may take a moment to let go, which a page that is
// being left has not got.
func (l *loop) rest(as Phase, why Reason) {
	l.due, l.floor = moment{}, moment{}
	l.become(State{Phase: as, ReadyState: l.state.ReadyState, Attempt: l.state.Attempt, Reason: why})
	l.drop()
}

// end ends the source: run returns.
func (l *loop) end(why Reason) {
	l.drop()
	l.rest(Closed, why)
}

// suspect deals with a stream that has been silent for too long: a laptop that
// slept, a network that was changed, a server that hangs. None of them tells.
func (l *loop) suspect() {
	if asleep := l.quiet.steady.After(time.Now()); !asleep {
		l.choice.learn(muteStream)
	}
	l.try(Stale, 1, Reason{Text: "the stream fell silent"})
}

// expire deals with the end of the time set for the present phase.
func (l *loop) expire(now moment) {
	asleep := l.due.steady.After(now.steady)
	l.due = moment{}
	switch l.state.Phase {
	case Connecting, Stale:
		if l.hangUp != nil && !asleep && l.opts.Environment.Online() {
			l.choice.learn(noHello)
		}
		l.wait(Reason{Text: "the server did not answer in time"}, 0)
	case Live: // healthy: the tries it took are forgiven
		l.become(State{Phase: Live, ReadyState: l.state.ReadyState})
	case Waiting, Offline, Incompatible:
		l.try(Connecting, l.state.Attempt, Reason{})
	}
}

// retryNow does what a person asked for.
func (l *loop) retryNow() {
	if l.paused {
		return
	}
	switch l.state.Phase {
	case Waiting, Offline, Refused, Incompatible:
		l.away = false
		l.try(Connecting, max(l.state.Attempt, 1), Reason{})
	case Stale:
		l.away = false
		l.try(Stale, max(l.state.Attempt, 1), l.state.Reason)
	}
}

// hear deals with one signal of the connection.
func (l *loop) hear(s Signal) {
	l.carrier = cmp.Or(s.Transport, l.carrier)
	switch {
	case s.Kind == ConnectionOpened:
	case errors.Is(s.Err, errNoHello):
		l.choice.learn(noHello)
	default:
		l.choice.learn(progress)
	}
	switch s.Kind {
	case ConnectionOpened:
		l.tellReady(s.ReadyState)
	case FrameArrived:
		l.read(s.Frame)
	case ConnectionFailed:
		l.lose(s)
	}
}

// lose deals with a connection that ended without a bye. A page is not told
// more by its browser: not the status, not what went wrong.
func (l *loop) lose(s Signal) {
	var refusal *fault.Error
	var answer *answerError
	if s.Err == nil && !l.greeted && s.ReadyState == ReadyClosed {
		l.tellReady(s.ReadyState)
		l.inquire()
		return
	}
	l.setReady(s.ReadyState)
	switch {
	case errors.As(s.Err, &answer):
		l.decide(finding{Answer: answer.Answer})
	case errors.As(s.Err, &refusal):
		l.heed(Reason{Text: refusal.Message, Fault: refusal}, 0)
	case s.Err != nil:
		l.wait(Reason{Text: s.Err.Error()}, 0)
	case l.greeted:
		l.wait(Reason{Text: "the connection was lost"}, 0)
	default:
		l.wait(Reason{Text: "the server cannot be reached"}, 0)
	}
}

// heed deals with the server's own word that it refuses the stream.
func (l *loop) heed(why Reason, floor time.Duration) {
	final := !why.Fault.Retry || why.Fault.Code == fault.Unauthenticated || why.Fault.Code == fault.Forbidden
	if final {
		l.rest(Refused, why)
		return
	}
	l.wait(why, floor)
}

// tellReady tells the page what the transport says of itself.
func (l *loop) tellReady(r ReadyState) {
	next := l.state
	next.ReadyState = r
	l.become(next)
}

// setReady leaves the telling to the state that follows.
func (l *loop) setReady(r ReadyState) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state.ReadyState = r
}

// nowhere is a position of no log: the server can only answer with a reset.
var nowhere = event.Position("nowhere", 0)
