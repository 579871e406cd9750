package e2e_test

import (
	"testing"
	"time"
)

// These limits end what is waited for in vain, each with the name of its test
// and of what did not happen. They say nothing about speed: a wait that takes
// seconds took minutes beside eight busy processes. What go test -timeout is
// given is only for what none of them covers.
const (
	waitLimit  = 3 * time.Minute  // for what a program or a page does
	buildLimit = 10 * time.Minute // for what waits for a compiler
	tabLimit   = 20 * time.Minute // for all that one test does in one browser tab
)

// until polls: what happens in another process cannot be waited for otherwise.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	untilWithin(t, waitLimit, what, ok)
}

// untilBuilds is until for what waits for a compiler: a first build compiles much
// that later ones find in Go's cache.
func untilBuilds(t testing.TB, what string, ok func() bool) {
	t.Helper()
	untilWithin(t, buildLimit, what, ok)
}

func untilWithin(t testing.TB, limit time.Duration, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(limit)
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited %v until %s", limit, what)
		}
	}
}
