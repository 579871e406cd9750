package httpd

import (
	"context"
	"net/http"
	"syscall"
)

// A connection is what the server knows of one. Requests of HTTP/1.1 come one
// after the other, and each notes its own.
type connection struct {
	base context.Context // of the server
	done <-chan struct{} // of the request's context as net/http has made it

	raw     syscall.RawConn // nil if it is not watched
	silence silence         // the watch's
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

func note(r *http.Request) {
	if c := connectionOf(r); c != nil {
		c.done = r.Context().Done()
	}
}

// Lifetime returns the context of a connection that a handler hijacks and goes on
// with after it has returned: it ends when the server's own context does, that of
// [http.Server.BaseContext]. The request's context cannot be asked then, since
// net/http ends it when the handler returns.
//
// It returns false if the request's context can end for other reasons than that:
// because a middleware has derived one that it can cancel. Its end shows only to
// a handler that has not returned. It also returns false over HTTP/2, and for a
// server that [New] has not made, of which this cannot be known.
func Lifetime(r *http.Request) (ctx context.Context, ok bool) {
	c := connectionOf(r)
	if c == nil || c.done == nil || c.done != r.Context().Done() {
		return nil, false
	}
	return c.base, true
}
