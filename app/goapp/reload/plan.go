// Package reload decides when a page reloads itself because its server runs another
// build: never while input is unsent, not before the browser has cached the new
// build, not all pages at once, and not again and again. The update bar of package
// app/live uses it; import it to draw another.
//
// It only decides. A page calls [Plan.Next] on each change and once a second,
// shows the advice, and reloads when the advice is [Reload]:
//
//	plan := reload.NewPlan(past, save)
//	...
//	if plan.Next(reload.Situation{...}) == reload.Reload { ... }
//
// # Promises
//
//   - No reload while input is unsent, none before the new build is cached (or a
//     minute has passed without notice of it), at most three in five minutes, and
//     none whose time could not be stored first, since reloads could then not be
//     counted.
//   - A page that can still read the events of its server is not reloaded: the user
//     is only offered the new build.
//   - A Plan never blocks, has no goroutine and no timer: it takes the time as an
//     argument. It is for one goroutine, normally go-app's.
//
// # Why a page waits before it reloads
//
// A service worker answers from its cache: a page that reloads too early would
// start the same old build again. So the page asks the worker to update, and
// go-app reports when the new build is cached.
package reload

import (
	"math/rand/v2"
	"slices"
	"time"

	"github.com/seawaykit/seaway/app/source"
)

const (
	// A reload comes between minDelay and maxDelay after it is possible, so that the
	// pages of one server do not all reload at once.
	minDelay = 5 * time.Second
	maxDelay = 10 * time.Second

	// After maxReloads within reloadWindow the page stops: reloading does not help.
	maxReloads   = 3
	reloadWindow = 5 * time.Minute

	// cacheTimeout is how long a page waits for the event that the new build is cached.
	// After it the new build is taken as cached: another tab may have fetched it
	// before this page listened.
	cacheTimeout = time.Minute
)

// An Advice says what a page should do, and what to show to the user.
type Advice uint8

// The advices.
const (
	Nothing    Advice = iota // page and server have the same build
	Offer                    // another build can be loaded; this one goes on as well
	AwaitBuild               // the page cannot go on, and the build that can is not cached yet
	AwaitInput               // a reload would help, and would lose unsent input
	Soon                     // a reload comes within seconds
	Reload                   // now
	Stuck                    // reloading has not helped: leave it to the user
)

// String returns the CSS class of the advice: nothing, offer, await, hold, soon,
// reload or stuck.
func (a Advice) String() string {
	names := [...]string{"nothing", "offer", "await", "hold", "soon", "reload", "stuck"}
	if int(a) < len(names) {
		return names[a]
	}
	return "unknown"
}

// A Situation is everything that a decision depends on.
type Situation struct {
	Skew   source.Skew
	Cached bool // a reload would start another build than the one that runs
	Unsent bool // the page holds input that would be lost
	Now    time.Time
}

// A Plan makes the decisions for one page. Make one with [NewPlan]. It is not safe
// for concurrent use.
type Plan struct {
	past []time.Time // reloads, the oldest first
	save func([]time.Time) error
	rand func() float64

	since time.Time // when page and server began to differ
	due   time.Time // when the reload comes; zero while it is not possible
	stuck bool
}

// NewPlan returns a Plan for a page that was reloaded at the times in past, which
// are those that earlier loads of the page have passed to save. save must keep them
// for as long as the tab is open. If it returns an error the page is not reloaded,
// since it could not count its reloads.
func NewPlan(past []time.Time, save func(reloads []time.Time) error) *Plan {
	return &Plan{past: past, save: save, rand: rand.Float64}
}

// Next returns what to do in a situation. If it returns [Reload], the reload has
// been saved, and must be made at once.
func (p *Plan) Next(s Situation) Advice {
	if s.Skew == source.SkewSame {
		p.since, p.due, p.stuck = time.Time{}, time.Time{}, false
		return Nothing
	}
	if p.since.IsZero() {
		p.since = s.Now
	}
	cached := s.Cached || s.Now.Sub(p.since) >= cacheTimeout
	if s.Skew == source.SkewIncompatible {
		return p.nextIncompatible(s, cached)
	}
	p.due = time.Time{}
	if cached {
		return Offer
	}
	return Nothing
}

// nextIncompatible returns what to do for a page that the server cannot go on
// with.
func (p *Plan) nextIncompatible(s Situation, cached bool) Advice {
	p.stuck = p.stuck || p.recent(s.Now) >= maxReloads
	switch {
	case p.stuck:
		return Stuck
	case !cached || s.Unsent:
		p.due = time.Time{}
		if cached {
			return AwaitInput
		}
		return AwaitBuild
	case p.due.IsZero():
		p.due = s.Now.Add(minDelay + time.Duration(p.rand()*float64(maxDelay-minDelay)))
		return Soon
	case s.Now.Before(p.due):
		return Soon
	}
	return p.reload(s.Now)
}

func (p *Plan) reload(now time.Time) Advice {
	p.due = time.Time{}
	p.past = append(p.past, now)
	if p.save(slices.Clone(p.past)) != nil {
		p.stuck = true
		return Stuck
	}
	return Reload
}

// recent counts the reloads within reloadWindow, and forgets older ones. A reload
// in the future, after a clock was set back, counts.
func (p *Plan) recent(now time.Time) int {
	p.past = slices.DeleteFunc(p.past, func(t time.Time) bool { return now.Sub(t) > reloadWindow })
	return len(p.past)
}
