package update_test

import (
	"fmt"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/update"
)

// A page that cannot read its new server waits for the next build to be held,
// then for its reader, and reloads.
func Example() {
	save := func(reloads []time.Time) error { return nil } // in a page: the tab's sessionStorage
	plan := update.NewPlan(nil, save)
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	for _, s := range []update.Situation{
		{Skew: source.SkewSame},
		{Skew: source.SkewIncompatible},
		{Skew: source.SkewIncompatible, Held: true, Unsent: true},
		{Skew: source.SkewIncompatible, Held: true},
		{Skew: source.SkewIncompatible, Held: true},
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
