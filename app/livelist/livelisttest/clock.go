// Package livelisttest helps to test pages with lists: it has a clock that tests
// advance, and texts that have broken pages.
//
//	clock := livelisttest.NewClock(start)
//	livelist.Show(list, row, livelist.ViewOptions{Clock: clock})
//	clock.Advance(time.Minute)
package livelisttest

import (
	"maps"
	"slices"
	"sync"
	"time"
)

// A Clock is a livelist.Clock that a test sets. Make one with [NewClock]. It is
// safe for concurrent use.
type Clock struct {
	mu      sync.Mutex
	now     time.Time
	next    int
	watches map[int]func(time.Time)
}

// NewClock returns a clock that is stopped at now.
func NewClock(now time.Time) *Clock {
	return &Clock{now: now, watches: map[int]func(time.Time){}}
}

// Now implements livelist.Clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Watch implements livelist.Clock. It panics if a watch is stopped twice.
func (c *Clock) Watch(fn func(time.Time)) (stop func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next++
	n := c.next
	c.watches[n] = fn
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.watches[n] == nil {
			panic("livelisttest: a watch was stopped twice")
		}
		delete(c.watches, n)
	}
}

// Watches returns how many watchers the clock has.
func (c *Clock) Watches() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.watches)
}

// Advance moves the clock and calls all watchers once, in the order in which they
// were added.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	c.now = c.now.Add(d)
	now := c.now
	var all []func(time.Time)
	for _, n := range slices.Sorted(maps.Keys(c.watches)) {
		all = append(all, c.watches[n])
	}
	c.mu.Unlock()
	for _, fn := range all {
		fn(now)
	}
}
