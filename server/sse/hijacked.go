package sse

import (
	"context"
	"net"
	"slices"
	"sync/atomic"
	"time"
)

// A hijacked writes frames to a connection that was hijacked and cannot be
// polled for room: one that a listener has wrapped.
type hijacked struct {
	conn    net.Conn
	timeout time.Duration
	head    []byte // to be written first
	chunked bool
	isCut   atomic.Bool
	ended   chan struct{} // closed when the client has gone
}

func newHijacked(conn net.Conn, timeout time.Duration, head []byte, chunked bool) *hijacked {
	return &hijacked{conn: conn, timeout: timeout, head: head, chunked: chunked, ended: make(chan struct{})}
}

// context returns a context that ends when the client disconnects. It starts a
// goroutine, which close ends.
func (o *hijacked) context(parent context.Context) context.Context {
	ctx, cancel := context.WithCancel(parent)
	go func() {
		defer close(o.ended)
		defer cancel()
		for buf := make([]byte, 64); ; { // what the client sends is of no interest
			if _, err := o.conn.Read(buf); err != nil {
				return
			}
		}
	}()
	return ctx
}

func (o *hijacked) Write(frames ...[]byte) error {
	p := append(o.head, wireBytes(slices.Concat(frames...), o.chunked)...)
	o.head = nil
	return o.write(p)
}

// complete writes the last chunk, which marks the body as complete.
func (o *hijacked) complete() {
	if o.chunked {
		_ = o.write([]byte(lastChunk)) // the client has gone if it fails
	}
}

func (o *hijacked) write(p []byte) error {
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

func (o *hijacked) Cut() {
	o.isCut.Store(true)
	// It fails if the connection is closed, and there is nothing to cut then.
	_ = o.conn.SetWriteDeadline(past)
}

func (o *hijacked) close() {
	o.conn.Close()
	<-o.ended
}
