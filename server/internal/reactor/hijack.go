package reactor

import (
	"context"
	"net"
	"net/http"

	"github.com/seawaykit/seaway/server/httpd"
)

// Hijack takes over a response's connection from net/http, and so frees its
// goroutine and buffers, or returns nil if the response has to stay there. A connection
// of TLS can be taken over, and has no [Descriptor].
//
//   - HTTP/2, where the bytes of a connection are not those of one response.
//   - A context that a middleware may cancel: the cancellation only reaches a
//     handler that has not returned.
//   - A writer that does not offer Hijack itself. It is not unwrapped: a
//     middleware that only has Unwrap may count or change what is written.
//   - A response that says it is encoded: something would have to encode it.
//   - A platform without a poller.
//
// ctx ends with the server's own context.
func (r *Reactor) Hijack(w http.ResponseWriter, req *http.Request) (conn net.Conn, ctx context.Context) {
	if req.ProtoMajor != 1 || w.Header().Get("Content-Encoding") != "" {
		return nil, nil
	}
	ctx, alone := httpd.Lifetime(req)
	hijacker, ok := w.(http.Hijacker)
	if !alone || !ok || !r.start() {
		return nil, nil
	}
	// Bytes that the client may have sent after its request are dropped with
	// the buffer: a page sends nothing more on a connection that streams.
	conn, _, err := hijacker.Hijack()
	if err != nil {
		return nil, nil // some wrappers offer it and fail
	}
	return conn, ctx
}
