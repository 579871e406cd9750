package reload

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/seawaykit/seaway/app/source"
)

// begin is when the tests' pages are opened.
var begin = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// A rig is a plan and what it has saved.
type rig struct {
	*Plan
	t     *testing.T
	saved []time.Time
	full  error // why it cannot save
}

func newRig(t *testing.T, past ...time.Time) *rig {
	r := &rig{t: t}
	r.Plan = NewPlan(past, func(reloads []time.Time) error { r.saved = reloads; return r.full })
	r.rand = func() float64 { return 0.4 } // 7 s
	return r
}

func (r *rig) expect(after time.Duration, s Situation, want Advice) {
	r.t.Helper()
	s.Now = begin.Add(after)
	if got := r.Next(s); got != want {
		r.t.Errorf("after %v with %v, cached %v, unsent %v: got %v, want %v", after, s.Skew, s.Cached, s.Unsent, got, want)
	}
}

var (
	same         = Situation{Skew: source.SkewSame, Cached: true}
	compatible   = Situation{Skew: source.SkewCompatible}
	incompatible = Situation{Skew: source.SkewIncompatible}
)

func (s Situation) cached() Situation { s.Cached = true; return s }
func (s Situation) unsent() Situation { s.Unsent = true; return s }

func TestPlanDoesNothingForTheSameBuild(t *testing.T) {
	r := newRig(t, begin, begin, begin)
	r.expect(0, same, Nothing)
	r.expect(time.Hour, same.unsent(), Nothing)
}

func TestPlanOffersACompatibleBuild(t *testing.T) {
	r := newRig(t)
	r.expect(0, compatible, Nothing)
	r.expect(time.Second, compatible.cached(), Offer)
	r.expect(time.Hour, compatible.cached(), Offer)
	r.expect(time.Hour, compatible.cached().unsent(), Offer)
	r.expect(2*time.Hour, same, Nothing)
	r.expect(2*time.Hour, compatible, Nothing)
	r.expect(2*time.Hour+cacheTimeout, compatible, Offer)
	if r.saved != nil {
		t.Errorf("it was reloaded: %v", r.saved)
	}
}

func TestPlanReloadsAnIncompatiblePage(t *testing.T) {
	r := newRig(t)
	r.expect(0, incompatible, AwaitBuild)
	r.expect(20*time.Second, incompatible, AwaitBuild)
	r.expect(21*time.Second, incompatible.cached(), Soon)
	r.expect(27*time.Second, incompatible.cached(), Soon)
	r.expect(28*time.Second, incompatible.cached(), Reload)
	if want := []time.Time{begin.Add(28 * time.Second)}; !slices.Equal(r.saved, want) {
		t.Errorf("saved %v, want %v", r.saved, want)
	}
}

func TestPlanKeepsUnsentInput(t *testing.T) {
	r := newRig(t)
	r.expect(0, incompatible.unsent(), AwaitBuild)
	r.expect(time.Second, incompatible.cached().unsent(), AwaitInput)
	r.expect(time.Hour, incompatible.cached().unsent(), AwaitInput)
	r.expect(time.Hour, incompatible.cached(), Soon)
	r.expect(time.Hour+6*time.Second, incompatible.cached().unsent(), AwaitInput) // the user goes on writing
	r.expect(time.Hour+8*time.Second, incompatible.cached(), Soon)
	r.expect(time.Hour+14*time.Second, incompatible.cached(), Soon) // the 7 s begin again
	r.expect(time.Hour+15*time.Second, incompatible.cached(), Reload)
}

func TestPlanCancelsANeedlessReload(t *testing.T) {
	for name, healed := range map[string]Situation{"the old server is back": same, "a compatible one": compatible.cached()} {
		r := newRig(t)
		r.expect(0, incompatible.cached(), Soon)
		r.Next(Situation{Skew: healed.Skew, Cached: true, Now: begin.Add(6 * time.Second)})
		r.expect(8*time.Second, incompatible.cached(), Soon)
		if t.Failed() {
			t.Fatal(name)
		}
	}
}

func TestPlanReloadsAfterTheHoldTimeout(t *testing.T) {
	r := newRig(t)
	r.expect(0, incompatible, AwaitBuild)
	r.expect(cacheTimeout-1, incompatible, AwaitBuild)
	r.expect(cacheTimeout, incompatible, Soon)
	r.expect(cacheTimeout+7*time.Second, incompatible, Reload)
}

func TestPlanSpreadsReloads(t *testing.T) {
	for random, wait := range map[float64]time.Duration{0: minDelay, 0.5: 7500 * time.Millisecond, 0.999: 9995 * time.Millisecond} {
		r := newRig(t)
		r.rand = func() float64 { return random }
		r.expect(0, incompatible.cached(), Soon)
		r.expect(wait-1, incompatible.cached(), Soon)
		r.expect(wait, incompatible.cached(), Reload)
	}
	if r := NewPlan(nil, nil).rand(); r < 0 || r >= 1 {
		t.Errorf("chance is %v by default", r)
	}
}

func TestReloadingStopsIfItDoesNotHelp(t *testing.T) {
	for _, c := range []struct {
		past []time.Duration
		want Advice
	}{
		{nil, Soon},
		{[]time.Duration{-time.Minute, -time.Second}, Soon},
		{[]time.Duration{-reloadWindow - 1, -time.Minute, -time.Second}, Soon},
		{[]time.Duration{-reloadWindow, -time.Minute, -time.Second}, Stuck},
		{[]time.Duration{-time.Minute, -time.Second, time.Hour}, Stuck}, // the clock was set back
	} {
		var past []time.Time
		for _, d := range c.past {
			past = append(past, begin.Add(d))
		}
		r := newRig(t, past...)
		r.expect(0, incompatible.cached(), c.want)
	}
}

// Loads of the page, one after the other: three reloads, and no fourth however
// long it waits. A server of the page's own build ends that.
func TestReloadsAreCountedFromLifeToLife(t *testing.T) {
	var past []time.Time
	at := time.Duration(0)
	for range maxReloads {
		r := newRig(t, past...)
		r.expect(at, incompatible.cached(), Soon)
		at += maxDelay
		r.expect(at, incompatible.cached(), Reload)
		past = r.saved
	}
	r := newRig(t, past...)
	r.expect(at, incompatible.cached(), Stuck)
	r.expect(at+2*reloadWindow, incompatible.cached(), Stuck)
	r.expect(at+2*reloadWindow, same, Nothing)
	r.expect(at+2*reloadWindow, incompatible.cached(), Soon)
}

func TestPlanWithoutStorageDoesNotReload(t *testing.T) {
	r := newRig(t)
	r.full = errors.New("no storage")
	r.expect(0, incompatible.cached(), Soon)
	r.expect(maxDelay, incompatible.cached(), Stuck)
	r.expect(time.Hour, incompatible.cached(), Stuck)
}

func TestAdvicesHaveTheirWords(t *testing.T) {
	var words []string
	for a := Nothing; a <= Stuck+1; a++ {
		words = append(words, a.String())
	}
	if got, want := fmt.Sprint(words), "[nothing offer await hold soon reload stuck unknown]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
