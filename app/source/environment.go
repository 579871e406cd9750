package source

import "time"

// An Environment is what a page knows besides its stream. The default one is
// the browser's; the package sourcetest has one that tests can change.
type Environment interface {
	// Watch has fn called with each poke until stop. fn does not block and may
	// be called on any goroutine. The source calls stop exactly once.
	Watch(fn func(Poke)) (stop func())
	// Online reports whether there may be a network. Browsers that say no are
	// mostly right; those that say yes know little.
	Online() bool
	// Hidden reports whether nobody can see the page.
	Hidden() bool
	// Now returns the time on the wall clock, which goes on while a laptop
	// sleeps.
	Now() time.Time
}

// A Poke is the name of an event by which a browser tells that things may have
// changed.
type Poke string

// The pokes that a source understands.
const (
	VisibilityChange Poke = "visibilitychange" // the page was hidden or can be seen again
	Resume           Poke = "resume"           // the browser had frozen the page
	PageShow         Poke = "pageshow"         // the page was loaded, or came back from the back/forward cache
	PageHide         Poke = "pagehide"         // the page is left; it may come back
	WentOnline       Poke = "online"           // there may be a network again
	WentOffline      Poke = "offline"          // there is no network
	Focus            Poke = "focus"            // a person turned to the page
)

// wakeSpread is how far apart the tabs of a laptop that wakes come back.
const wakeSpread = 200 * time.Millisecond

// poked deals with an event of the environment. That it came is enough for
// silence to be noticed: the step goes on with check.
func (l *loop) poked(p Poke) {
	l.note(Trace{Kind: Poked, Poke: p})
	if p == WentOnline {
		l.choice.learn(network)
	}
	switch {
	case p == PageHide:
		l.putAway()
	case p == WentOffline:
		l.lament()
	case p == VisibilityChange && l.opts.Environment.Hidden():
		// Nobody looks any more: whatever is due can wait.
	case l.away:
		l.bringBack(p)
	case p == Focus && l.state.Phase == Refused:
		// It comes with every click into the window: too often to ask again.
	default:
		l.hasten()
	}
}

var left = Reason{Text: "the page was left"}

// putAway ends the connection while the page may be in the back/forward cache:
// browsers do not put a page there that has one, or break it. What the page
// shows when it comes back is old until the next hello. Nothing is done at
// unload, which would keep the page out of the cache altogether.
func (l *loop) putAway() {
	l.tell()
	l.away = true
	if l.state.Phase != Refused && !l.paused { // which have no connection
		l.rest(Stale, left)
	}
}

// bringBack ends putAway. Any sign of life will do, since a page may be shown
// without having been stored: only the network's coming back is none.
func (l *loop) bringBack(p Poke) {
	if p == WentOnline {
		return
	}
	l.away = false
	if l.state.Phase == Stale {
		l.try(Stale, 1, l.state.Reason)
		return
	}
	l.hasten()
}

// lament makes a wait one for the network. A connection is left alone: it will
// break, or the browser was wrong.
func (l *loop) lament() {
	if l.state.Phase == Waiting && !l.opts.Environment.Online() {
		l.linger(l.state.Attempt, l.state.Reason, max(0, l.floor.after(l.now())))
	}
}

// hasten brings a try forward. It comes no earlier than the server has asked
// for this time, and not in the same moment as those of other tabs.
func (l *loop) hasten() {
	switch l.state.Phase {
	case Waiting, Offline, Refused:
	default:
		return
	}
	if l.absent() {
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
	next.Phase, next.Until = Waiting, soon.wall
	l.become(next)
}

// absent reports whether no connection is wanted at all.
func (l *loop) absent() bool { return l.away || l.paused }
