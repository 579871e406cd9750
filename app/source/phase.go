package source

import (
	"time"

	"github.com/seawaykit/seaway/app/transport"
)

const (
	// offlineWait is the shortest wait without a network. There is one at all
	// because browsers are sometimes wrong about that.
	offlineWait = 30 * time.Second
	// standBack is the least time between two tries with a server that the page
	// cannot follow. Up to half as much is added at random.
	standBack = time.Minute
	// wakeSpread is how far apart the tabs of a laptop that wakes come back.
	wakeSpread = 200 * time.Millisecond
)

// try makes the try of that number, in the mode opening or reopening.
func (l *loop) try(as mode, attempt int, why Reason) {
	if err := l.dial(); err != nil {
		l.wait(Reason{Text: err.Error()}, 0)
		return
	}
	l.due = l.in(l.opts.HelloWithin)
	l.dialed()
	l.enter(as, State{Attempt: attempt, Reason: why})
}

// wait ends the connection and sets the time of the next try. The server's hint
// for this one wait is a floor, and so is its standing one. A try that was made
// because of a page event does not count: it proves nothing about the ones before.
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
	as, backoff, hint := waiting, l.opts.Backoff, max(floor, l.standing)
	if l.opts.Environment.Hidden() {
		backoff.Max *= 2
	}
	if !l.opts.Environment.Online() {
		as, hint = offline, max(hint, offlineWait)
	}
	l.due, l.floor, l.prompted = l.in(backoff.delay(next, hint, l.opts.Rand())), l.in(floor), false
	l.enter(as, State{ReadyState: l.state.ReadyState, Attempt: next, Until: l.due.wall, Reason: why})
}

// standOff waits to ask a server again whose events would be misread.
func (l *loop) standOff(why Reason) {
	l.drop()
	delay := max(standBack, l.standing)
	delay += time.Duration(l.opts.Rand() * float64(delay/2))
	l.due, l.floor, l.prompted = l.in(delay), l.in(delay), false
	l.enter(incompatible, State{ReadyState: transport.ReadyOpen, Attempt: l.state.Attempt + 1, Until: l.due.wall, Reason: why})
}

// rest ends the connection and waits for nothing but a page event or the user. The page
// is informed first: a transport may take a moment to let go, which a page that is
// being left has not got.
func (l *loop) rest(as mode, why Reason) {
	l.due, l.floor = moment{}, moment{}
	l.enter(as, State{ReadyState: l.state.ReadyState, Attempt: l.state.Attempt, Reason: why})
	l.drop()
}

// end ends the source: run returns.
func (l *loop) end(why Reason) {
	l.drop()
	l.rest(closed, why)
}

// wentSilent deals with a stream that has been silent for too long: a laptop that
// slept, a network that was changed, a server that hangs. None of them says so.
func (l *loop) wentSilent() {
	if asleep := l.quiet.steady.After(time.Now()); !asleep {
		l.choice.learn(muteStream)
	}
	l.try(reopening, 1, Reason{Text: "the stream fell silent"})
}

// expire deals with the end of the time set for the present mode.
func (l *loop) expire(now moment) {
	asleep := l.due.steady.After(now.steady)
	l.due = moment{}
	switch l.mode {
	case opening, reopening:
		if !asleep && l.opts.Environment.Online() {
			l.choice.learn(noHello)
		}
		l.wait(noAnswer, 0)
	case asking, reasking:
		l.wait(noAnswer, 0)
	case awaitingReset, live: // healthy: the tries it took are forgiven
		l.enter(l.mode, State{ReadyState: l.state.ReadyState})
	case waiting, offline, incompatible:
		l.try(opening, l.state.Attempt, Reason{})
	}
}

var (
	noAnswer  = Reason{Text: "the server did not answer in time"}
	leftPage  = Reason{Text: "the page was left"}
	pausedFor = Reason{Text: "a developer paused the source"}
)

// retryNow does what the user asked for.
func (l *loop) retryNow() {
	switch attempt := max(l.state.Attempt, 1); l.mode {
	case waiting, offline, refused, refusedLeft, incompatible:
		l.try(opening, attempt, Reason{})
	case left, reopening, reasking:
		l.try(reopening, attempt, l.state.Reason)
	}
}

// pageEvent deals with an event of the environment. That it came is enough for
// silence to be noticed: the step goes on with check.
func (l *loop) pageEvent(p PageEvent) {
	l.note(Trace{Kind: PageEventReceived, PageEvent: p})
	if p == WentOnline {
		l.choice.learn(network)
	}
	switch {
	case p == PageHide:
		l.suspend()
	case p == WentOffline:
		l.goOffline()
	case p == VisibilityChange && l.opts.Environment.Hidden():
		// Nobody looks any more: whatever is due can wait.
	case l.mode.isLeft():
		l.unsuspend(p)
	case p == Focus && l.mode == refused:
		// It comes with every click into the window: too often to ask again.
	default:
		l.retrySoon()
	}
}

// suspend ends the connection while the page may be in the back/forward cache:
// browsers do not put a page there that has one, or break it. What the page
// shows when it comes back is old until the next hello. Nothing is done at
// unload, which would keep the page out of the cache altogether.
func (l *loop) suspend() {
	l.flush()
	switch l.mode { // those without a connection stay what they are
	case refused:
		l.shift(refusedLeft)
	case paused:
		l.shift(pausedLeft)
	case refusedLeft, pausedLeft:
	default:
		l.rest(left, leftPage)
	}
}

// unsuspend ends suspend. Any sign of life will do, since a page may be shown
// without having been stored: only the network's coming back is none.
func (l *loop) unsuspend(p PageEvent) {
	if p == WentOnline {
		return
	}
	switch l.mode {
	case left:
		l.try(reopening, 1, l.state.Reason)
	case refusedLeft:
		l.shift(refused)
		l.retrySoon()
	case pausedLeft:
		l.shift(paused)
	}
}

// goOffline makes a wait one for the network. A connection is left alone: it will
// break, or the browser was wrong.
func (l *loop) goOffline() {
	if l.mode == waiting && !l.opts.Environment.Online() {
		l.linger(l.state.Attempt, l.state.Reason, max(0, l.floor.after(l.now())))
	}
}

// retrySoon brings a try forward. It comes no earlier than the server has asked
// for this time, and not in the same moment as those of other tabs.
func (l *loop) retrySoon() {
	switch l.mode {
	case waiting, offline, refused:
	default:
		return
	}
	now := l.now()
	soon := l.in(time.Duration(l.opts.Rand() * float64(wakeSpread)))
	if l.floor.isSet() && l.floor.after(now) > soon.after(now) {
		soon = l.floor
	}
	if l.due.isSet() && l.due.after(now) <= soon.after(now) {
		return // it comes by itself
	}
	l.due, l.prompted = soon, true
	next := l.state
	next.Until = soon.wall
	l.enter(waiting, next)
}

// pause takes the source off the network, or lets it come back, unless the page
// was left in the meantime.
func (l *loop) pause(on bool) {
	switch {
	case on == l.mode.isPaused():
	case on && l.mode.isLeft():
		l.rest(pausedLeft, pausedFor)
	case on:
		l.rest(paused, pausedFor)
	case l.mode == pausedLeft:
		l.rest(left, leftPage)
	default:
		l.try(opening, 1, Reason{})
	}
}
