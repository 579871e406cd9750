// Package update decides when a page that was built from other definitions than
// its server is loaded anew: never over input that nobody has sent, not before
// the browser holds the new build, not all pages at once, and not for ever.
//
// It decides and does nothing. A page calls [Plan.Next] whenever something has
// changed and once a second besides, shows what it is advised, and reloads when
// it is told to:
//
//	plan := update.NewPlan(past, save)
//	...
//	if plan.Next(update.Situation{...}) == update.Reload { ... }
//
// # Promises
//
//   - No reload while input is unsent, none before the new build is held (or a
//     minute has passed without word of it), at most three in five minutes, and
//     none that could not be saved beforehand.
//   - A page whose server it understands is never reloaded, only offered it.
//   - A Plan never blocks, has no goroutine and no timer: time is what it is told.
//     It belongs to one goroutine, normally the page's.
//
// # Why a page waits before it reloads
//
// A service worker answers from its cache: reloaded too early, the page would
// start the same old build again. So the page asks the worker to update, and is
// told that the new build is held when that is done.
package update

import (
	"math/rand/v2"
	"slices"
	"time"

	"github.com/seawaykit/seaway/app/source"
)

const (
	// A reload comes between soonest and latest after nothing stands against
	// it, so that the pages of one server do not all come at once.
	soonest = 5 * time.Second
	latest  = 10 * time.Second

	// After maxReloads within span the page stops: reloading does not help.
	maxReloads = 3
	span       = 5 * time.Minute

	// patience is how long a page waits to be told that the new build is held.
	// After it the new build is taken as held: another tab may have fetched it
	// before this page listened.
	patience = time.Minute
)

// An Advice is what a page should do, and what it should tell its reader.
type Advice uint8

// The advices.
const (
	Nothing Advice = iota // the page is what the server expects
	Offer                 // another build can be loaded; this one goes on as well
	Await                 // the page cannot go on; the build that can is not held yet
	Hold                  // a reload would help, and would lose what has not been sent
	Soon                  // a reload comes within seconds
	Reload                // now
	Stuck                 // reloading has not helped; what else to do is a person's to say
)

// String returns the advice in lower case, fit for a CSS class.
func (a Advice) String() string {
	names := [...]string{"nothing", "offer", "await", "hold", "soon", "reload", "stuck"}
	if int(a) < len(names) {
		return names[a]
	}
	return "unknown"
}

// A Situation is all that a decision depends on.
type Situation struct {
	Skew   source.Skew
	Held   bool // a reload would start another build than the one that runs
	Unsent bool // the page holds input that would be lost
	Now    time.Time
}

// A Plan makes the decisions of one page. Make it with [NewPlan]. It is not safe
// for concurrent use.
type Plan struct {
	past []time.Time // reloads, the oldest first
	save func([]time.Time) error
	rand func() float64

	since time.Time // when the page fell out of step
	due   time.Time // when the reload comes; zero while something is against it
	stuck bool
}

// NewPlan returns a Plan for a page that has been reloaded at these times, as
// save was told of them in the page's lives before. save must keep them for as
// long as the tab is open. If it cannot, the page is not reloaded: it would not
// know when to stop.
func NewPlan(past []time.Time, save func(reloads []time.Time) error) *Plan {
	return &Plan{past: past, save: save, rand: rand.Float64}
}

// Next returns what to do in a situation. With [Reload] the reload has been
// saved and is to be made at once.
func (p *Plan) Next(s Situation) Advice {
	if s.Skew == source.SkewSame {
		p.since, p.due, p.stuck = time.Time{}, time.Time{}, false
		return Nothing
	}
	if p.since.IsZero() {
		p.since = s.Now
	}
	held := s.Held || s.Now.Sub(p.since) >= patience
	if s.Skew == source.SkewIncompatible {
		return p.mend(s, held)
	}
	p.due = time.Time{}
	if held {
		return Offer
	}
	return Nothing
}

// mend returns what a page does that cannot go on.
func (p *Plan) mend(s Situation, held bool) Advice {
	p.stuck = p.stuck || p.recent(s.Now) >= maxReloads
	switch {
	case p.stuck:
		return Stuck
	case !held || s.Unsent:
		p.due = time.Time{}
		if held {
			return Hold
		}
		return Await
	case p.due.IsZero():
		p.due = s.Now.Add(soonest + time.Duration(p.rand()*float64(latest-soonest)))
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

// recent counts the reloads of the span before now, and forgets older ones. One
// in the future is of a clock that has been set back, and counts.
func (p *Plan) recent(now time.Time) int {
	p.past = slices.DeleteFunc(p.past, func(t time.Time) bool { return now.Sub(t) > span })
	return len(p.past)
}
