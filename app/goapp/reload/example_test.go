package reload_test

import (
	"fmt"
	"time"

	"github.com/seawaykit/seaway/app/goapp/reload"
	"github.com/seawaykit/seaway/app/source"
)

// A page that is incompatible with its new server waits until the next build is
// cached, then until the user has no unsent input, and reloads.
func Example() {
	save := func(reloads []time.Time) error { return nil } // in a page: the tab's sessionStorage
	plan := reload.NewPlan(nil, save)
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	for _, s := range []reload.Situation{
		{Skew: source.SkewSame},
		{Skew: source.SkewIncompatible},
		{Skew: source.SkewIncompatible, Cached: true, Unsent: true},
		{Skew: source.SkewIncompatible, Cached: true},
		{Skew: source.SkewIncompatible, Cached: true},
	} {
		s.Now = now
		fmt.Println(plan.Next(s))
		now = now.Add(10 * time.Second)
	}
	// Output:
	// nothing
	// await
	// hold
	// soon
	// reload
}
