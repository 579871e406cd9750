package transports

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"syscall"
)

// A traffic is the number of bytes in each direction.
type traffic struct{ in, out int64 }

func (t traffic) minus(u traffic) traffic { return traffic{t.in - u.in, t.out - u.out} }

// A clientConn is one client's connection. All fields but tcp and raw are
// guarded by Meter.mu.
type clientConn struct {
	tcp *net.TCPConn
	raw syscall.RawConn

	owner    *usage  // of the last request; nil if it had no transport
	credited traffic // the bytes that have been credited
	hijacked bool    // it belongs to the owner until it is closed
}

// connKey is the context key of a request's connection.
type connKey struct{}

// ConnContext is a value for [http.Server].ConnContext: it lets [Meter.Track]
// find a request's connection.
func ConnContext(ctx context.Context, conn net.Conn) context.Context {
	if secure, ok := conn.(*tls.Conn); ok {
		conn = secure.NetConn()
	}
	if proxied, ok := conn.(interface{ Unwrapped() *net.TCPConn }); ok {
		conn = proxied.Unwrapped()
	}
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		return ctx
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return ctx
	}
	return context.WithValue(ctx, connKey{}, &clientConn{tcp: tcp, raw: raw})
}

// connOf returns the connection that belongs to the request alone while it is
// being answered, or nil.
func connOf(r *http.Request) *clientConn {
	if r.ProtoMajor != 1 {
		return nil
	}
	c, _ := r.Context().Value(connKey{}).(*clientConn)
	return c
}

// uncredited returns the bytes since the last call, and marks them as credited;
// incoming bytes only if received is set.
func (c *clientConn) uncredited(received bool) (since traffic) {
	now, ok := measure(c.raw)
	if !ok {
		return traffic{}
	}
	since = now.minus(c.credited)
	c.credited.out = now.out
	if received {
		c.credited.in = now.in
	} else {
		since.in = 0
	}
	return since
}

// credit credits the owner with the connection's new bytes. Incoming bytes may
// belong to the next request already, unless they are known to be this one's or
// the connection is hijacked.
func (c *clientConn) credit(received bool) {
	since := c.uncredited(received || c.hijacked)
	if c.owner != nil {
		c.owner.credit(since)
	}
}

// endRequest ends a request. If it had a body, that has been received by now.
// Other incoming bytes are the next request: a client reads a flushed response
// before its handler returns.
func (c *clientConn) endRequest(hadBody bool) { c.credit(hadBody) }

// assign sets the owner, that of the request that begins. Incoming bytes are
// the new request; outgoing bytes are the end of the last response, which
// net/http may have held back until its handler had returned.
func (c *clientConn) assign(owner *usage) {
	since := c.uncredited(true)
	if c.owner != nil {
		c.owner.credit(traffic{out: since.out})
		delete(c.owner.conns, c)
	}
	if owner != nil {
		owner.credit(traffic{in: since.in})
		if c.owner != owner {
			owner.count.Opened++
		}
		owner.add(c)
	}
	c.owner = owner
}

// alive reports whether the connection is open at this end.
func (c *clientConn) alive() bool { return c.raw.Control(func(uintptr) {}) == nil }

// reset resets the connection. It does not close it here, while it is being
// served: the fast path must remove a stream from its poller before it closes
// it. The server detects a client that has gone, and its close, without
// lingering, sends the reset.
func (c *clientConn) reset() bool { return c.tcp.SetLinger(0) == nil && c.tcp.CloseRead() == nil }

// Cutter returns a function that cuts the connection on which a request came, as a
// failing network would, and reports whether it could. Over HTTP/2 all requests of the
// client have one connection.
func Cutter(r *http.Request) func() bool {
	c, _ := r.Context().Value(connKey{}).(*clientConn)
	if c == nil {
		return func() bool { return false }
	}
	return c.reset
}
