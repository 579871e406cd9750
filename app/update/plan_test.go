package update

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
		r.t.Errorf("after %v with %v, held %v, unsent %v: got %v, want %v", after, s.Skew, s.Held, s.Unsent, got, want)
	}
}

var (
	same         = Situation{Skew: source.SkewSame, Held: true}
	compatible   = Situation{Skew: source.SkewCompatible}
	incompatible = Situation{Skew: source.SkewIncompatible}
)

func (s Situation) held() Situation   { s.Held = true; return s }
func (s Situation) unsent() Situation { s.Unsent = true; return s }

func TestAPageLikeTheServerIsLeftAlone(t *testing.T) {
	r := newRig(t, begin, begin, begin)
	r.expect(0, same, Nothing)
	r.expect(time.Hour, same.unsent(), Nothing)
}

func TestACompatiblePageIsOfferedTheNewBuildWhenItIsThere(t *testing.T) {
	r := newRig(t)
	r.expect(0, compatible, Nothing)
	r.expect(time.Second, compatible.held(), Offer)
	r.expect(time.Hour, compatible.held(), Offer)
	r.expect(time.Hour, compatible.held().unsent(), Offer)
	r.expect(2*time.Hour, same, Nothing)
	r.expect(2*time.Hour, compatible, Nothing)
	r.expect(2*time.Hour+patience, compatible, Offer)
	if r.saved != nil {
		t.Errorf("it was reloaded: %v", r.saved)
	}
}

func TestAnIncompatiblePageReloadsWhenTheNewBuildIsThere(t *testing.T) {
	r := newRig(t)
	r.expect(0, incompatible, Await)
	r.expect(20*time.Second, incompatible, Await)
	r.expect(21*time.Second, incompatible.held(), Soon)
	r.expect(27*time.Second, incompatible.held(), Soon)
	r.expect(28*time.Second, incompatible.held(), Reload)
	if want := []time.Time{begin.Add(28 * time.Second)}; !slices.Equal(r.saved, want) {
		t.Errorf("saved %v, want %v", r.saved, want)
	}
}

func TestAPageIsNotReloadedOverWhatWasNotSent(t *testing.T) {
	r := newRig(t)
	r.expect(0, incompatible.unsent(), Await)
	r.expect(time.Second, incompatible.held().unsent(), Hold)
	r.expect(time.Hour, incompatible.held().unsent(), Hold)
	r.expect(time.Hour, incompatible.held(), Soon)
	r.expect(time.Hour+6*time.Second, incompatible.held().unsent(), Hold) // somebody goes on writing
	r.expect(time.Hour+8*time.Second, incompatible.held(), Soon)
	r.expect(time.Hour+14*time.Second, incompatible.held(), Soon) // 7 s are counted anew
	r.expect(time.Hour+15*time.Second, incompatible.held(), Reload)
}

func TestAReloadThatIsNotNeededAnyMoreDoesNotCome(t *testing.T) {
	for name, healed := range map[string]Situation{"the old server is back": same, "a compatible one": compatible.held()} {
		r := newRig(t)
		r.expect(0, incompatible.held(), Soon)
		r.Next(Situation{Skew: healed.Skew, Held: true, Now: begin.Add(6 * time.Second)})
		r.expect(8*time.Second, incompatible.held(), Soon)
		if t.Failed() {
			t.Fatal(name)
		}
	}
}

func TestAPageThatIsNeverToldIsReloadedAllTheSame(t *testing.T) {
	r := newRig(t)
	r.expect(0, incompatible, Await)
	r.expect(patience-1, incompatible, Await)
	r.expect(patience, incompatible, Soon)
	r.expect(patience+7*time.Second, incompatible, Reload)
}

func TestThePagesOfAServerComeOneByOne(t *testing.T) {
	for random, wait := range map[float64]time.Duration{0: soonest, 0.5: 7500 * time.Millisecond, 0.999: 9995 * time.Millisecond} {
		r := newRig(t)
		r.rand = func() float64 { return random }
		r.expect(0, incompatible.held(), Soon)
		r.expect(wait-1, incompatible.held(), Soon)
		r.expect(wait, incompatible.held(), Reload)
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
		{[]time.Duration{-span - 1, -time.Minute, -time.Second}, Soon},
		{[]time.Duration{-span, -time.Minute, -time.Second}, Stuck},
		{[]time.Duration{-time.Minute, -time.Second, time.Hour}, Stuck}, // the clock was set back
	} {
		var past []time.Time
		for _, d := range c.past {
			past = append(past, begin.Add(d))
		}
		r := newRig(t, past...)
		r.expect(0, incompatible.held(), c.want)
	}
}

// The page's lives, one after the other: three reloads, and no fourth however
// long it waits. A server that has come back ends that.
func TestReloadsAreCountedFromLifeToLife(t *testing.T) {
	var past []time.Time
	at := time.Duration(0)
	for range maxReloads {
		r := newRig(t, past...)
		r.expect(at, incompatible.held(), Soon)
		at += latest
		r.expect(at, incompatible.held(), Reload)
		past = r.saved
	}
	r := newRig(t, past...)
	r.expect(at, incompatible.held(), Stuck)
	r.expect(at+2*span, incompatible.held(), Stuck)
	r.expect(at+2*span, same, Nothing)
	r.expect(at+2*span, incompatible.held(), Soon)
}

func TestAPageThatCannotCountDoesNotReload(t *testing.T) {
	r := newRig(t)
	r.full = errors.New("no storage")
	r.expect(0, incompatible.held(), Soon)
	r.expect(latest, incompatible.held(), Stuck)
	r.expect(time.Hour, incompatible.held(), Stuck)
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
