package sse

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"time"

	"github.com/seawaykit/seaway/server/httpd"
)

// takeOver takes the connection away from net/http, with its goroutine and
// buffers, or returns nil if this stream has to stay there:
//
//   - HTTP/2 and TLS, where a connection is not one stream's bytes.
//   - A context that can end by itself, or may: its end shows only to a handler
//     that has not returned.
//   - A writer that does not offer Hijack itself. It is not unwrapped: a
//     middleware that only has Unwrap may count or change what is written.
//   - A response that says it is encoded: something would have to encode it.
//
// base ends with the server's own context.
func (v *Visit) takeOver(w http.ResponseWriter) (conn net.Conn, base context.Context) {
	h, r := v.handler, v.r
	if h.engine == nil || r.ProtoMajor != 1 || r.TLS != nil || w.Header().Get("Content-Encoding") != "" {
		return nil, nil
	}
	base, alone := httpd.Lifetime(r)
	hijacker, ok := w.(http.Hijacker)
	if !alone || !ok || !h.engine.start() {
		return nil, nil
	}
	// What the client may have sent after its request is dropped with the
	// buffer: a page asks nothing more on a connection that streams.
	conn, _, err := hijacker.Hijack()
	if err != nil {
		return nil, nil // some wrappers offer it and cannot
	}
	return conn, base
}

// head returns a response's head: the headers that middlewares have set, and
// the stream's own.
//
// The body is in chunks: without them it would end when the connection does
// (RFC 9112, section 6.3, rule 8), and a crash would look like a proper end, after
// which some clients do not come back. A proxy may also hold back what it has not
// enough of to fill a buffer, if no chunk says that it is whole.
//
// HTTP/1.0 has no chunks, and the head announces with close that the connection's
// end is the body's (section 9.6). Beside chunks it must not: Node's fetch then
// takes a body that was cut for a whole one. The connection is closed after the
// last chunk all the same, as any that waits for a request may be.
func head(h http.Header, chunked bool, now time.Time) []byte {
	h = h.Clone()
	setHeaders(h)
	h.Set("Date", now.UTC().Format(http.TimeFormat))
	for _, name := range []string{"Connection", "Content-Length", "Transfer-Encoding"} {
		h.Del(name)
	}
	if chunked {
		h.Set("Transfer-Encoding", "chunked")
	} else {
		h.Set("Connection", "close")
	}
	var buf bytes.Buffer
	buf.WriteString("HTTP/1.1 200 OK\r\n")
	_ = h.Write(&buf) // a buffer does not fail
	buf.WriteString("\r\n")
	return buf.Bytes()
}
