package site

import (
	"context"
	"maps"
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

// lateTry is how long after a cut a try is still turned away if none was: a busy
// browser notices a cut late.
const lateTry = time.Minute

// A cutter cuts the streams of guests who want to see it, and turns them away for a
// moment, each once at least. It knows this node's streams.
type cutter struct {
	mu      sync.Mutex
	next    int
	streams map[string]map[int]func() bool // by guest; each cuts one
	away    map[string]*absence            // by guest
}

// An absence is what a cut leaves behind.
type absence struct {
	since time.Time
	owed  int // streams that were cut, less the tries that were turned away
}

// ends reports whether the guest's next try is let in.
func (a *absence) ends(now time.Time) bool {
	took := now.Sub(a.since)
	return took >= lateTry || took >= vitals.CutTime && a.owed <= 0
}

func newCutter() *cutter {
	return &cutter{streams: map[string]map[int]func() bool{}, away: map[string]*absence{}}
}

// connect notes a stream until it has ended.
func (c *cutter) connect(r *http.Request, guest string, _ []string) (disconnect func()) {
	if guest == "" {
		return nil
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
	return vitals.CutReply{Cut: c.cutOff(command.Identity(ctx))}, nil
}

// cutOff cuts a guest's streams, and returns how many there are.
func (c *cutter) cutOff(guest string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	maps.DeleteFunc(c.away, func(_ string, a *absence) bool { return a.ends(now) })
	c.away[guest] = &absence{since: now, owed: len(c.streams[guest])}
	for _, cut := range c.streams[guest] {
		time.AfterFunc(cutDelay, func() { cut() })
	}
	return len(c.streams[guest])
}

// turnsAway reports whether a guest's try is turned away, and counts it.
func (c *cutter) turnsAway(guestOf func() string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.away) == 0 {
		return false
	}
	guest := guestOf()
	a := c.away[guest]
	switch {
	case a == nil:
		return false
	case a.ends(time.Now()):
		delete(c.away, guest)
		return false
	}
	a.owed--
	return true
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
