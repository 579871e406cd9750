package sse

import (
	"context"
	"net"
	"os"
	"runtime"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/shared/event"
)

// A sink is a connection's descriptor that can be watched and takes everything.
type sink struct{ watched, null syscall.RawConn }

func (s sink) Control(fn func(fd uintptr)) error    { return s.watched.Control(fn) }
func (s sink) Read(fn func(fd uintptr) bool) error  { return s.watched.Read(fn) }
func (s sink) Write(fn func(fd uintptr) bool) error { return s.null.Write(fn) }

// newSink returns one of its own, since a descriptor is watched once.
func newSink(b *testing.B, null syscall.RawConn) sink {
	b.Helper()
	end, other, err := os.Pipe()
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { end.Close(); other.Close() })
	watched, err := end.SyscallConn()
	if err != nil {
		b.Fatal(err)
	}
	return sink{watched, null}
}

// BenchmarkPass is one pass over 1,000 streams at one position, of which each
// gets one event. They write to nowhere: what is measured is everything but the
// kernel's part.
func BenchmarkPass(b *testing.B) {
	const streams = 1000
	log := eventlog.NewMemory(eventlog.Retention{})
	hub := fanout.New(log, fanout.Options{Encode: encodeEvent})
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); hub.Run(ctx) }()
	defer func() { cancel(); <-ended }()
	h := newHandler(log, hub, Options{Writers: 1})
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		b.Fatal(err)
	}
	defer null.Close()
	raw, err := null.SyscallConn()
	if err != nil {
		b.Fatal(err)
	}
	_, conn := net.Pipe()
	var woken atomic.Int64
	for range streams {
		cursor, _, err := hub.Open(ctx, []string{"t"}, fanout.Start{}, nil)
		if err != nil {
			b.Fatal(err)
		}
		s := &stream{cursor: cursor, chunked: true, release: func() {}}
		h.fast.add(ctx, s, &grant{}, conn, newSink(b, raw), nil)
		cursor.OnWake(func() { s.conn.Wake(); woken.Add(1) })
	}
	h.fast.reactor.Pass(0, time.Second)
	draft := event.Draft{Topic: "t", Type: "test.event", Data: make([]byte, 120)}
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		woken.Store(0)
		if _, err := log.Append(ctx, draft); err != nil {
			b.Fatal(err)
		}
		for woken.Load() < streams {
			runtime.Gosched()
		}
		b.StartTimer()
		h.fast.reactor.Pass(0, time.Second)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*streams), "ns/delivery")
	if s := h.Stats(); s.Fast != streams || s.Events != uint64(b.N*streams) {
		b.Errorf("%d streams are left, and have had %d events in %d passes", s.Fast, s.Events, b.N)
	}
}
