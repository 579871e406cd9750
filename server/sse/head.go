package sse

import (
	"bytes"
	"net/http"
	"time"
)

// head returns a response's head: the headers that middlewares have set, and
// the stream's own.
//
// The body is in chunks: without them it would end when the connection does (RFC
// 9112, section 6.3, rule 8), and a crash would look like a proper end, after
// which some clients do not come back. A proxy may also hold bytes back until they
// fill a buffer, if no chunk marks them as complete.
//
// HTTP/1.0 has no chunks, and its head announces with close that the body ends
// with the connection (section 9.6). Beside chunks it must not: Node's fetch then
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

// setHeaders sets the headers that every stream has.
func setHeaders(h http.Header) {
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store, no-transform") // some proxies compress what they may
	h.Set("X-Accel-Buffering", "no")                 // nginx would hold the stream back
	h.Set("X-Content-Type-Options", "nosniff")
}
