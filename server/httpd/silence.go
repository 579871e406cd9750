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

// A silence is how long a connection's client has acknowledged nothing of what
// waits for it.
//
// Linux's own measure, TCP_USER_TIMEOUT, is none: it also counts the time in which
// a client has had no room for what comes next, and does not begin again when the
// client takes some of it. Of 20 clients that read 8 KB/s, with buffers of 4 KB
// to 256 KB, it gave up 16.
type silence struct {
	since time.Duration // zero: nothing waits, or something was acknowledged
}

// A state is what the kernel knows of a connection.
type state struct {
	waits bool          // something has been sent and is not acknowledged
	acked time.Duration // when the client last acknowledged anything
}

// hear takes the state at a time, and the time of the look before, and reports
// whether the silence has lasted for as long as the limit.
func (s *silence) hear(now, before, limit time.Duration, is state) bool {
	switch {
	case !is.waits:
		s.since = 0
	case s.since == 0 || is.acked > s.since:
		s.since = max(before, is.acked) // it may have begun to wait right after that
	}
	return s.since > 0 && now-s.since >= limit
}

// A watch looks at all of a server's connections, four times in a heartbeat, and
// shuts those down whose clients have vanished. A look costs 1 µs a connection.
// It has no goroutine but while it looks, and none of its own ends with the
// server: there is no more to look at when the connections have been closed.
type watch struct {
	limit time.Duration // of silence
	every time.Duration
	epoch time.Time

	mu     sync.Mutex
	open   map[*connection]struct{}
	before time.Duration // the last look
}

func newWatch(limit, heartbeat time.Duration) *watch {
	// A second more, so that no silence that is counted from it is 0.
	return &watch{limit: limit, every: heartbeat / 4, epoch: time.Now().Add(-time.Second), open: map[*connection]struct{}{}}
}

// join has a connection watched until it is closed, also by a handler that has hijacked it.
func (w *watch) join(ctx context.Context, conn net.Conn) *connection {
	c := &connection{base: ctx, raw: descriptor(conn)}
	if c.raw == nil {
		return c
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.open) == 0 {
		w.before = time.Since(w.epoch)
		time.AfterFunc(w.every, w.look)
	}
	w.open[c] = struct{}{}
	return c
}

// descriptor returns the way to a connection's descriptor, through TLS, or nil.
func descriptor(conn net.Conn) syscall.RawConn {
	if wrapped, ok := conn.(interface{ NetConn() net.Conn }); ok {
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

func (w *watch) look() {
	w.mu.Lock()
	all := slices.Collect(maps.Keys(w.open))
	w.mu.Unlock()
	var closed []*connection
	for _, c := range all {
		now := time.Since(w.epoch)
		is, ok := ask(c.raw, now)
		switch {
		case !ok:
			closed = append(closed, c)
		case c.silence.hear(now, w.before, w.limit, is):
			shutDown(c.raw)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range closed {
		delete(w.open, c)
	}
	if w.before = time.Since(w.epoch); len(w.open) > 0 {
		time.AfterFunc(w.every, w.look)
	}
}
