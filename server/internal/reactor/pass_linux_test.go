package reactor

import (
	"context"
	"net"
	"os"
	"syscall"
	"testing"
	"time"
)

// A sink is a connection's descriptor that can be watched and takes everything.
type sink struct{ watched, null syscall.RawConn }

func (s sink) Control(fn func(fd uintptr)) error    { return s.watched.Control(fn) }
func (s sink) Read(fn func(fd uintptr) bool) error  { return s.watched.Read(fn) }
func (s sink) Write(fn func(fd uintptr) bool) error { return s.null.Write(fn) }

// A line writes the same bytes at each turn.
type line struct {
	conn Conn
	text []byte
}

func (l *line) Ready()       { l.conn.Write(l.text) }
func (l *line) Quiet()       {}
func (l *line) Receive(any)  {}
func (l *line) Closed(error) {}

// BenchmarkPass is one pass over 1,000 connections that each write something to nowhere:
// what is measured is everything but the kernel's part.
func BenchmarkPass(b *testing.B) {
	const conns = 1000
	r := New(Options{Loops: 1, Idle: 15 * time.Second, WriteTimeout: 30 * time.Second})
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		b.Fatal(err)
	}
	defer null.Close()
	raw, err := null.SyscallConn()
	if err != nil {
		b.Fatal(err)
	}
	all := make([]*line, conns)
	for i := range all {
		end, other, err := os.Pipe()
		if err != nil {
			b.Fatal(err)
		}
		defer end.Close()
		defer other.Close()
		watched, err := end.SyscallConn()
		if err != nil {
			b.Fatal(err)
		}
		_, conn := net.Pipe()
		all[i] = &line{text: make([]byte, 200)}
		r.Adopt(&all[i].conn, conn, sink{watched, raw}, all[i], nil)
		all[i].conn.Start(context.Background())
	}
	r.Pass(0, time.Second)
	b.ReportAllocs()
	for b.Loop() {
		for _, l := range all {
			l.conn.Wake()
		}
		r.Pass(0, time.Second)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*conns), "ns/delivery")
	if s := r.Stats(); s.Open != conns {
		b.Errorf("%d connections are left", s.Open)
	}
}
