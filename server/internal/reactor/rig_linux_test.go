package reactor

import (
	"context"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A script is a source that writes what it is given, and notes what happens to it.
type script struct {
	conn     Conn
	pending  []string // a frame each
	quiet    int
	received []any
	closed   int
	err      error
}

func (s *script) Ready() {
	for len(s.pending) > 0 {
		p := s.pending[0]
		s.pending = s.pending[1:]
		if !s.conn.Send([]byte(p)) {
			return
		}
	}
}

func (s *script) Quiet()           { s.quiet++; s.conn.Send([]byte("quiet\n")) }
func (s *script) Receive(body any) { s.received = append(s.received, body) }
func (s *script) Closed(err error) { s.closed++; s.err = err }

// A rig is a reactor with one connection over loopback, driven by hand: its time is what
// the test sets.
type rig struct {
	t      *testing.T
	r      *Reactor
	s      *script
	client *net.TCPConn
	now    time.Duration
}

func newRig(t *testing.T, opts Options) *rig {
	t.Helper()
	opts.Loops = 1
	r := New(opts)
	server, client := dial(t)
	raw, ok := Descriptor(server)
	if !ok {
		t.Fatal("a TCP connection has no descriptor")
	}
	g := &rig{t: t, r: r, s: &script{}, client: client}
	r.Adopt(&g.s.conn, server, raw, g.s, []byte("begin\n"))
	t.Cleanup(func() {
		g.s.conn.Close()
		g.pass(g.now)
		r.Stop()
	})
	return g
}

// start starts the connection at a time that is not 0.
func (g *rig) start() *rig {
	g.s.conn.Start(context.Background())
	g.pass(time.Second)
	return g
}

// pass lets time go by until now.
func (g *rig) pass(now time.Duration) {
	g.now = now
	g.r.Pass(0, now)
}

// text returns what the client has received when the connection is closed.
func (g *rig) text() string {
	g.t.Helper()
	all, err := io.ReadAll(g.client)
	if err != nil {
		g.t.Fatal(err)
	}
	return string(all)
}

// fill writes until the connection has no room.
func (g *rig) fill() {
	g.t.Helper()
	for g.s.conn.Send([]byte(strings.Repeat("x", 32<<10))) {
	}
	if got := g.r.Stats(); got.Blocked != 1 {
		g.t.Fatalf("a connection without room is not blocked: %+v", got)
	}
}

// hasRoom reports whether a write would not block.
func (g *rig) hasRoom() bool {
	ready := 0
	g.s.conn.raw.Control(func(fd uintptr) {
		var set syscall.FdSet
		set.Bits[fd/64] |= 1 << (fd % 64)
		ready, _ = syscall.Select(int(fd)+1, nil, &set, nil, &syscall.Timeval{})
	})
	return ready == 1
}

func dial(t *testing.T) (server, client *net.TCPConn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	s, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	return s.(*net.TCPConn), c.(*net.TCPConn)
}
