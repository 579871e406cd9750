package livelist

import (
	"maps"
	"slices"
	"sync"
	"time"
)

// A Clock tells views the time, and when to look at it again.
type Clock interface {
	Now() time.Time

	// Watch has fn called about once a second until stop. A call that has begun
	// may still go on when stop returns; none begins with a later tick. fn may be
	// called on any goroutine, but not twice at once.
	Watch(fn func(now time.Time)) (stop func())
}

// PageClock is the one clock of a page: however many watch it, there is one
// timer, and none while nobody does.
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

// tick calls all who watch, and sets the next tick when they have returned: no
// two calls are under way at once.
func (t *ticker) tick() {
	now := time.Now()
	for _, fn := range t.all() {
		fn(now)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.timer != nil { // otherwise nobody watches any more
		t.timer.Reset(time.Second)
	}
}

func (t *ticker) all() []func(time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Collect(maps.Values(t.watches))
}
