package site

import (
	"maps"
	"net/http"
	"sync"
	"time"
)

// graceTime is how long a guest without a connection still counts as present: a
// page that is reloaded, or that polls, has none for a moment.
const graceTime = 5 * time.Second

// A localPresence counts the connections of this node's guests. A guest with at
// least one is present, on however many pages; anonymous users are not counted.
type localPresence struct {
	mu   sync.Mutex
	open map[string]int       // connections, by guest
	left map[string]time.Time // when the last one ended, for guests in their grace time

	changed chan struct{} // has one entry when the presence may have changed
}

func newLocalPresence() *localPresence {
	return &localPresence{open: map[string]int{}, left: map[string]time.Time{}, changed: make(chan struct{}, 1)}
}

// connect counts a connection, for [sse.Options.OnConnect].
func (c *localPresence) connect(_ *http.Request, guest string, _ []string) (leave func()) {
	if guest == "" {
		return nil
	}
	c.mu.Lock()
	c.open[guest]++
	delete(c.left, guest)
	c.mu.Unlock()
	notify(c.changed)
	return func() { c.disconnect(guest) }
}

func (c *localPresence) disconnect(guest string) {
	c.mu.Lock()
	if c.open[guest]--; c.open[guest] == 0 {
		delete(c.open, guest)
		c.left[guest] = time.Now()
	}
	c.mu.Unlock()
	notify(c.changed)
}

// expect marks guests as present a moment ago, before this node was restarted:
// they have their grace time to reconnect.
func (c *localPresence) expect(guests []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, g := range guests {
		if c.open[g] == 0 {
			c.left[g] = time.Now()
		}
	}
}

// here returns the guests that are present, and how long until the first grace
// time is over; 0 if there is none.
func (c *localPresence) here() (guests map[string]bool, next time.Duration) {
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

// notify puts an entry into a channel that has room for one, without blocking.
func notify(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
