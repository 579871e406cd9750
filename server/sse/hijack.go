package sse

import (
	"bytes"
	"net"
	"net/http"
	"time"
)

// takeOver takes the connection away from net/http, with its goroutine and
// buffers, or returns nil if this stream has to stay there:
//
//   - HTTP/2 and TLS, where a connection is not one stream's bytes.
//   - A writer that does not offer Hijack itself. It is not unwrapped: a
//     middleware that only has Unwrap may count or change what is written.
//   - A response that says it is encoded: something would have to encode it.
func (v *Visit) takeOver(w http.ResponseWriter) net.Conn {
	h, r := v.handler, v.r
	if h.engine == nil || r.ProtoMajor != 1 || r.TLS != nil || w.Header().Get("Content-Encoding") != "" {
		return nil
	}
	hijacker, ok := w.(http.Hijacker)
	if !ok || !h.engine.start() {
		return nil
	}
	// What the client may have sent after its request is dropped with the
	// buffer: a page asks nothing more on a connection that streams.
	conn, _, err := hijacker.Hijack()
	if err != nil {
		return nil // some wrappers offer it and cannot
	}
	return conn
}

// head returns a response's head: the headers that middlewares have set, and
// the stream's own.
//
// The body has no length and no chunks: it ends when the connection does (RFC
// 9112, section 6.3, rule 8), which the head announces with close (section
// 9.6). Chunks would put 6 to 8 bytes of framing round every batch, and tell
// the reader nothing: an event that was cut off has no empty line after it, and
// is dropped (HTML Standard, section 9.2.6).
func head(h http.Header, now time.Time) []byte {
	h = h.Clone()
	setHeaders(h)
	h.Set("Date", now.UTC().Format(http.TimeFormat))
	h.Set("Connection", "close")
	h.Del("Content-Length")
	h.Del("Transfer-Encoding")
	var buf bytes.Buffer
	buf.WriteString("HTTP/1.1 200 OK\r\n")
	_ = h.Write(&buf) // a buffer does not fail
	buf.WriteString("\r\n")
	return buf.Bytes()
}
