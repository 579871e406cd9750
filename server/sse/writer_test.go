package sse

import (
	"context"
	"net"
	"os"
	"runtime"
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/fanout"
	"github.com/seawaykit/seaway/shared/event"
)

// BenchmarkPass is one pass over 1,000 streams at one position, of which each
// gets one event. They write to nowhere: what is measured is everything but the
// kernel's part.
func BenchmarkPass(b *testing.B) {
	const streams = 1000
	log := eventlog.NewMemory(eventlog.Retention{})
	hub := fanout.New(log, fanout.Options{Encode: EncodeEvent})
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); hub.Run(ctx) }()
	defer func() { cancel(); <-ended }()
	w := newWriter(NewHandler(hub, Options{}).engine)
	nowhere, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		b.Fatal(err)
	}
	defer nowhere.Close()
	raw, err := nowhere.SyscallConn()
	if err != nil {
		b.Fatal(err)
	}
	_, conn := net.Pipe()
	for range streams {
		s := &stream{writer: w, conn: conn, raw: raw}
		if s.cursor, _, err = hub.Open(ctx, []string{"t"}, fanout.Start{}, s.wake); err != nil {
			b.Fatal(err)
		}
		w.again = append(w.again, s)
	}
	w.pass()
	draft := event.Draft{Topic: "t", Type: "test.event", Data: make([]byte, 120)}
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		if _, err := log.Append(ctx, draft); err != nil {
			b.Fatal(err)
		}
		for woken := 0; woken < streams; runtime.Gosched() {
			w.inbox.mu.Lock()
			woken = len(w.inbox.notes)
			w.inbox.mu.Unlock()
		}
		b.StartTimer()
		w.pass()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*streams), "ns/delivery")
}
