package httpd

import (
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	// maxBeginning is how many connections may be between their accept and their first
	// answer. In that time each takes 15 KiB, of which the most is free after it: if
	// thousands come at once, as after a restart, the others wait in the kernel.
	maxBeginning = 64
	// headWait is how long a connection counts as one of them without a request's
	// head: that comes with the first bytes, or from a slow client.
	headWait = 20 * time.Millisecond
	// answerWait is how long it counts with one. An answer may be slow, and not say
	// that it has begun.
	answerWait = 250 * time.Millisecond
)

// An accepter lets connections begin, some at a time.
type accepter struct {
	bursts    *bursts
	places    chan struct{}
	mu        sync.Mutex
	beginning map[net.Conn]*time.Timer // each frees the place
}

func newAccepter() *accepter {
	return &accepter{bursts: newBursts(), places: make(chan struct{}, maxBeginning), beginning: map[net.Conn]*time.Timer{}}
}

// begin waits for a place for a connection that was accepted. The server accepts no
// other meanwhile.
func (a *accepter) begin(conn net.Conn) {
	a.places <- struct{}{}
	a.bursts.begin()
	a.mu.Lock()
	defer a.mu.Unlock()
	a.beginning[conn] = time.AfterFunc(headWait, func() { a.end(conn) })
}

// state implements [http.Server.ConnState].
func (a *accepter) state(conn net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
	case http.StateActive:
		a.mu.Lock()
		defer a.mu.Unlock()
		if expires := a.beginning[conn]; expires != nil {
			expires.Reset(answerWait)
		}
	default:
		a.end(conn)
	}
}

// end frees the place of a connection, if it has one.
func (a *accepter) end(conn net.Conn) {
	a.mu.Lock()
	expires := a.beginning[conn]
	delete(a.beginning, conn)
	a.mu.Unlock()
	if expires != nil {
		expires.Stop()
		<-a.places
	}
}

// Answered says that the answer to a request has begun, and goes on: the server need not
// wait for its end to accept others. Only the answers that take long need it.
func Answered(r *http.Request) {
	if c, _ := r.Context().Value(connectionKey{}).(*connection); c != nil {
		c.answered()
	}
}
