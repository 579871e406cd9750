package httpd

import (
	"context"
	"maps"
	"net"
	"slices"
	"sync"
	"syscall"
	"time"
)

// An unackedTimer measures how long a connection's client has acknowledged
// nothing of the bytes that wait for it.
//
// Linux's own TCP_USER_TIMEOUT does not work: it also counts the time in which a
// client has no room for the next bytes, and does not start again when the client
// takes some of them. Of 20 clients that read 8 KB/s, with buffers of 4 KB to 256
// KB, it closed 16.
type unackedTimer struct {
	since time.Duration // zero: nothing waits, or something was acknowledged
}

// A tcpState is what the kernel reports of a connection.
type tcpState struct {
	unacked bool          // something has been sent and is not acknowledged
	acked   time.Duration // when the client last acknowledged anything
}

// observe updates the timer with the state at a time, given the time of the
// check before, and reports whether the limit is reached.
func (s *unackedTimer) observe(now, before, limit time.Duration, is tcpState) bool {
	switch {
	case !is.unacked:
		s.since = 0
	case s.since == 0 || is.acked > s.since:
		s.since = max(before, is.acked) // it may have begun to wait right after that
	}
	return s.since > 0 && now-s.since >= limit
}

// A peerWatch checks all of a server's connections, four times in a heartbeat
// interval, and shuts down those whose clients have vanished. A check costs 1 µs
// a connection. There is a goroutine only during a check, and nothing to stop at
// the server's end: the checks end when all connections are closed.
type peerWatch struct {
	limit    time.Duration // without an acknowledgement
	interval time.Duration
	epoch    time.Time

	mu     sync.Mutex
	open   map[*connection]struct{}
	before time.Duration // the last check
}

func newPeerWatch(limit, heartbeat time.Duration) *peerWatch {
	// A second more, so that no time measured from it is 0.
	return &peerWatch{limit: limit, interval: heartbeat / 4, epoch: time.Now().Add(-time.Second), open: map[*connection]struct{}{}}
}

// add monitors a connection until it is closed, also by a handler that has hijacked it.
func (w *peerWatch) add(ctx context.Context, conn net.Conn) *connection {
	c := &connection{base: ctx, raw: descriptor(conn), secure: isSecure(conn)}
	if c.raw == nil {
		return c
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.open) == 0 {
		w.before = time.Since(w.epoch)
		time.AfterFunc(w.interval, w.check)
	}
	w.open[c] = struct{}{}
	return c
}

// descriptor returns access to a connection's descriptor, through TLS and the PROXY
// protocol, or nil.
func descriptor(conn net.Conn) syscall.RawConn {
	for wrapped, ok := conn.(interface{ NetConn() net.Conn }); ok; wrapped, ok = conn.(interface{ NetConn() net.Conn }) {
		conn = wrapped.NetConn()
	}
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		return nil // a client on the same machine, or in a test
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return nil
	}
	return raw
}

func (w *peerWatch) check() {
	w.mu.Lock()
	all := slices.Collect(maps.Keys(w.open))
	w.mu.Unlock()
	var closed []*connection
	for _, c := range all {
		now := time.Since(w.epoch)
		is, ok := readTCPState(c.raw, now)
		switch {
		case !ok:
			closed = append(closed, c)
		case c.unacked.observe(now, w.before, w.limit, is):
			shutDownConn(c.raw)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range closed {
		delete(w.open, c)
	}
	if w.before = time.Since(w.epoch); len(w.open) > 0 {
		time.AfterFunc(w.interval, w.check)
	}
}
