package sourcetest

import (
	"sync"
	"time"

	"github.com/seawaykit/seaway/app/source"
)

// An Environment is a [source.Environment] that a test changes. The zero
// Environment is online, can be seen, and has the time of time.Now. It is safe
// for concurrent use.
type Environment struct {
	mu      sync.Mutex
	next    int
	watches map[int]func(source.PageEvent)
	offline bool
	hidden  bool
	slept   time.Duration
}

// Watch implements [source.Environment].
func (e *Environment) Watch(fn func(source.PageEvent)) (stop func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.watches == nil {
		e.watches = map[int]func(source.PageEvent){}
	}
	e.next++
	n := e.next
	e.watches[n] = fn
	return func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		if e.watches[n] == nil {
			panic("sourcetest: a watch was stopped twice")
		}
		delete(e.watches, n)
	}
}

// Watches returns how many sources watch the environment.
func (e *Environment) Watches() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.watches)
}

// Online implements [source.Environment].
func (e *Environment) Online() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return !e.offline
}

// Hidden implements [source.Environment].
func (e *Environment) Hidden() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.hidden
}

// Now implements [source.Environment].
func (e *Environment) Now() time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	return time.Now().Add(e.slept)
}

// PageEvent sends the sources a browser's event, without a change.
func (e *Environment) PageEvent(p source.PageEvent) {
	e.change(p, func() {})
}

// GoOffline takes the network away, as far as the browser knows.
func (e *Environment) GoOffline() {
	e.change(source.WentOffline, func() { e.offline = true })
}

// GoOnline brings it back.
func (e *Environment) GoOnline() {
	e.change(source.WentOnline, func() { e.offline = false })
}

// Hide puts another tab in front of the page.
func (e *Environment) Hide() {
	e.change(source.VisibilityChange, func() { e.hidden = true })
}

// Show brings the page to the front.
func (e *Environment) Show() {
	e.change(source.VisibilityChange, func() { e.hidden = false })
}

// Sleep puts the laptop to sleep: the wall clock goes on and no other does.
// The sources are not informed. A negative duration sets the wall clock back.
func (e *Environment) Sleep(d time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.slept += d
}

func (e *Environment) change(p source.PageEvent, do func()) {
	e.mu.Lock()
	do()
	var watches []func(source.PageEvent)
	for _, fn := range e.watches {
		watches = append(watches, fn)
	}
	e.mu.Unlock()
	for _, fn := range watches {
		fn(p)
	}
}
