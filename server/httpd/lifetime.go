package httpd

import (
	"context"
	"net/http"
	"syscall"
)

// A connection is what the server stores for one connection. Requests of
// HTTP/1.1 come one after the other, and each stores its own context's Done.
type connection struct {
	base context.Context // of the server
	done <-chan struct{} // of the request's context as net/http has made it

	secure   bool   // its client speaks TLS with a proxy, by the PROXY protocol
	answered func() // lets the server accept others

	raw     syscall.RawConn // nil if it is not monitored
	unacked unackedTimer    // of peerWatch
}

// connectionKey finds the connection of a request.
type connectionKey struct{}

func connectionOf(r *http.Request) *connection {
	c, _ := r.Context().Value(connectionKey{}).(*connection)
	if r.ProtoMajor != 1 {
		return nil // its requests share it
	}
	return c
}

func noteRequest(r *http.Request) {
	if c := connectionOf(r); c != nil {
		c.done = r.Context().Done()
	}
}

// Lifetime returns a context for a handler that hijacks its connection and goes
// on using it after it has returned: it ends when the server's own context does,
// the one of [http.Server.BaseContext]. The request's context cannot serve, since
// net/http ends it when the handler returns.
//
// It returns false if the request's context can end for other reasons, because a
// middleware has derived a cancellable one: the cancellation only reaches a
// handler that has not returned. It also returns false over HTTP/2, and in a
// server that [New] has not made, where this cannot be determined.
func Lifetime(r *http.Request) (ctx context.Context, ok bool) {
	c := connectionOf(r)
	if c == nil || c.done == nil || c.done != r.Context().Done() {
		return nil, false
	}
	return c.base, true
}
