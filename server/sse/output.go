package sse

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"sync/atomic"
	"time"
)

// An Output is where a stream's frames go.
type Output interface {
	// Write writes the frames, whole and in order, and returns when the reader's
	// connection has them, or an error within the write timeout: one that is
	// [os.ErrDeadlineExceeded] counts the reader among the slow ones. Other
	// streams share the bytes, which must not be changed.
	Write(frames ...[]byte) error
	// Cut makes a Write that is under way fail, and every later one. It does not
	// block, and may be called beside Write.
	Cut()
}

// errCut ends a stream that was cut.
var errCut = errors.New("the stream was cut")

// past is a deadline that has passed.
var past = time.Unix(1, 0)

// A response is the output to a request's own response, through net/http.
type response struct {
	w       http.ResponseWriter
	rc      *http.ResponseController
	timeout time.Duration
	isCut   atomic.Bool
}

func newResponse(w http.ResponseWriter, timeout time.Duration) *response {
	return &response{w: w, rc: http.NewResponseController(w), timeout: timeout}
}

// head sends the response's headers. There is no Connection header: HTTP/1.1
// keeps connections alive by default and HTTP/2 forbids it.
func (o *response) head() {
	setHeaders(o.w.Header())
	o.w.WriteHeader(http.StatusOK)
}

func setHeaders(h http.Header) {
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store, no-transform") // some proxies compress what they may
	h.Set("X-Accel-Buffering", "no")                 // nginx would hold the stream back
	h.Set("X-Content-Type-Options", "nosniff")
}

// Write also flushes. The deadline is cleared afterwards: on HTTP/2 one that has
// passed cannot be set again. It is left in place after a failure, so that
// net/http's own last write to a reader that is stuck fails at once instead of
// never.
//
// A response that has no deadlines or cannot be flushed is a mistake in the
// server's wiring: a middleware without Unwrap.
func (o *response) Write(frames ...[]byte) error {
	if err := o.deadline(time.Now().Add(o.timeout)); err != nil {
		return errors.Join(errors.New("sse: the response cannot be given a deadline"), err)
	}
	for _, f := range frames {
		if _, err := o.w.Write(f); err != nil {
			return err
		}
	}
	if err := o.rc.Flush(); err != nil {
		return err
	}
	return o.deadline(time.Time{})
}

// deadline sets one, unless the stream has been cut: Cut sets the flag before
// its own deadline, and this looks at it after.
func (o *response) deadline(t time.Time) error {
	err := o.rc.SetWriteDeadline(t)
	if err == nil && o.isCut.Load() {
		return errors.Join(errCut, o.rc.SetWriteDeadline(past))
	}
	return err
}

func (o *response) Cut() {
	o.isCut.Store(true)
	// It fails where deadlines are not supported, and there write has failed.
	_ = o.rc.SetWriteDeadline(past)
}

// A connection is the output to a connection that was taken over and cannot be
// watched: one that a listener has wrapped.
type connection struct {
	conn    net.Conn
	timeout time.Duration
	head    []byte // that is to be written first
	chunked bool
	isCut   atomic.Bool
	ended   chan struct{} // closed when the client has gone
}

func newConnection(conn net.Conn, timeout time.Duration, head []byte, chunked bool) *connection {
	return &connection{conn: conn, timeout: timeout, head: head, chunked: chunked, ended: make(chan struct{})}
}

// context returns one that ends when the client goes. It starts a goroutine,
// which close ends.
func (o *connection) context(parent context.Context) context.Context {
	ctx, cancel := context.WithCancel(parent)
	go func() {
		defer close(o.ended)
		defer cancel()
		for buf := make([]byte, 64); ; { // what it says is of no interest
			if _, err := o.conn.Read(buf); err != nil {
				return
			}
		}
	}()
	return ctx
}

func (o *connection) Write(frames ...[]byte) error {
	p := append(o.head, framed(slices.Concat(frames...), o.chunked)...)
	o.head = nil
	return o.write(p)
}

// complete writes what says that the body is whole.
func (o *connection) complete() {
	if o.chunked {
		_ = o.write([]byte(lastChunk)) // the client has gone if it fails
	}
}

func (o *connection) write(p []byte) error {
	if err := o.conn.SetWriteDeadline(time.Now().Add(o.timeout)); err != nil {
		return err
	}
	if o.isCut.Load() {
		return errCut
	}
	// Not by net.Buffers, which would find a TCP connection inside a wrapper.
	_, err := o.conn.Write(p)
	return err
}

func (o *connection) Cut() {
	o.isCut.Store(true)
	// It fails if the connection is closed, and there is nothing to cut then.
	_ = o.conn.SetWriteDeadline(past)
}

func (o *connection) close() {
	o.conn.Close()
	<-o.ended
}
