package site

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/seawaykit/seaway/server/sample/transports"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/sample/vitals"
)

// cutDelay lets the answer leave before the cut: over HTTP/2 it is on the connection
// that is cut.
const cutDelay = 50 * time.Millisecond

// A cutter cuts the streams of guests who want to see it, and turns them away for a
// moment. It knows this node's streams.
type cutter struct {
	mu      sync.Mutex
	next    int
	streams map[string]map[int]func() bool // by guest; each cuts one
	away    map[string]time.Time           // by guest: until when streams are turned away
}

func newCutter() *cutter {
	return &cutter{streams: map[string]map[int]func() bool{}, away: map[string]time.Time{}}
}

// connect notes a stream until it has ended.
func (c *cutter) connect(r *http.Request, guest string) (disconnect func()) {
	if guest == "" {
		return func() {}
	}
	cut := transports.Cutter(r)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next++
	n := c.next
	if c.streams[guest] == nil {
		c.streams[guest] = map[int]func() bool{}
	}
	c.streams[guest][n] = cut
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if delete(c.streams[guest], n); len(c.streams[guest]) == 0 {
			delete(c.streams, guest)
		}
	}
}

// cut cuts the caller's streams.
func (c *cutter) cut(ctx context.Context, _ vitals.CutRequest) (vitals.CutReply, error) {
	guest := command.Identity(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	for other, until := range c.away {
		if now.After(until) {
			delete(c.away, other)
		}
	}
	c.away[guest] = now.Add(vitals.CutTime)
	for _, cut := range c.streams[guest] {
		time.AfterFunc(cutDelay, func() { cut() })
	}
	return vitals.CutReply{Cut: len(c.streams[guest])}, nil
}

// turnsAway reports whether a guest was cut off a moment ago.
func (c *cutter) turnsAway(guest func() string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.away) > 0 && time.Now().Before(c.away[guest()])
}

// guard answers 503 to the streams of those who were cut off a moment ago.
func (c *cutter) guard(h http.Handler, guestOf func(*http.Request) string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/events", "/poll", "/socket":
			if c.turnsAway(func() string { return guestOf(r) }) {
				w.Header().Set("Cache-Control", "no-store")
				w.Header().Set("Retry-After", "1")
				http.Error(w, "the connection was cut, as the page has asked", http.StatusServiceUnavailable)
				return
			}
		}
		h.ServeHTTP(w, r)
	})
}
