package site

import (
	"maps"
	"net/http"
	"sync"
	"time"
)

// graceTime is how long a guest without a connection is still here: a page that
// is loaded anew, or that polls, has none for a moment.
const graceTime = 5 * time.Second

// A crowd counts the connections of this node's guests. A guest with any is
// here, on however many pages; visitors who are no guests are not counted.
type crowd struct {
	mu   sync.Mutex
	open map[string]int       // connections, by guest
	left map[string]time.Time // when the last one ended, for those in their grace

	changed chan struct{} // has one entry when who is here may have changed
}

func newCrowd() *crowd {
	return &crowd{open: map[string]int{}, left: map[string]time.Time{}, changed: make(chan struct{}, 1)}
}

// enter counts a connection in, for [sse.Options.Enter].
func (c *crowd) enter(_ *http.Request, guest string, _ []string) (leave func()) {
	if guest == "" {
		return nil
	}
	c.mu.Lock()
	c.open[guest]++
	delete(c.left, guest)
	c.mu.Unlock()
	poke(c.changed)
	return func() { c.leave(guest) }
}

func (c *crowd) leave(guest string) {
	c.mu.Lock()
	if c.open[guest]--; c.open[guest] == 0 {
		delete(c.open, guest)
		c.left[guest] = time.Now()
	}
	c.mu.Unlock()
	poke(c.changed)
}

// expect takes it that guests were here a moment ago, before this node was
// started anew: they have their grace to come back.
func (c *crowd) expect(guests []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, g := range guests {
		if c.open[g] == 0 {
			c.left[g] = time.Now()
		}
	}
}

// here returns who is here, and how long until the first grace is over; 0 if
// nobody is in one.
func (c *crowd) here() (guests map[string]bool, next time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	guests = map[string]bool{}
	for g := range c.open {
		guests[g] = true
	}
	now := time.Now()
	maps.DeleteFunc(c.left, func(_ string, at time.Time) bool { return now.Sub(at) >= graceTime })
	for g, at := range c.left {
		guests[g] = true
		if over := graceTime - now.Sub(at); next == 0 || over < next {
			next = over
		}
	}
	return guests, next
}
