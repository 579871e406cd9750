package livelist

import (
	"maps"
	"slices"
	"sync"
	"time"
)

// A Clock returns the time and calls functions once a second. A view uses it to
// redraw relative times.
type Clock interface {
	Now() time.Time

	// Watch calls fn about once a second until stop is called. A call that has begun
	// may still be running when stop returns; no new one begins. fn may be called on
	// any goroutine, but never concurrently with itself.
	Watch(fn func(now time.Time)) (stop func())
}

// PageClock is the default clock, shared by all views of a page: one timer for all
// watchers, and none without watchers.
var PageClock Clock = &ticker{}

// A ticker calls its watchers once a second.
type ticker struct {
	mu      sync.Mutex
	timer   *time.Timer
	next    int
	watches map[int]func(time.Time)
}

func (*ticker) Now() time.Time { return time.Now() }

func (t *ticker) Watch(fn func(time.Time)) (stop func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.watches == nil {
		t.watches = map[int]func(time.Time){}
	}
	t.next++
	n := t.next
	t.watches[n] = fn
	if t.timer == nil {
		t.timer = time.AfterFunc(time.Second, t.tick)
	}
	return func() { t.unwatch(n) }
}

func (t *ticker) unwatch(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.watches, n)
	if len(t.watches) == 0 && t.timer != nil {
		t.timer.Stop()
		t.timer = nil
	}
}

// tick calls all watchers, and sets the next timer when they have returned, so
// that no two calls overlap.
func (t *ticker) tick() {
	now := time.Now()
	for _, fn := range t.all() {
		fn(now)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.timer != nil { // nil when the last watcher has stopped
		t.timer.Reset(time.Second)
	}
}

func (t *ticker) all() []func(time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Collect(maps.Values(t.watches))
}
