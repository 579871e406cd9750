package sse

import (
	"context"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/fanout"
)

// A bench is one writer with one stream over a real connection, driven by hand:
// its time is what the test says it is.
type bench struct {
	t      *testing.T
	w      *writer
	s      *stream
	client *net.TCPConn
}

func newBench(t *testing.T, opts Options) *bench {
	t.Helper()
	hub := fanout.New(eventlog.NewMemory(eventlog.Retention{}), fanout.Options{Encode: EncodeEvent})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); hub.Run(ctx) }()
	h := NewHandler(hub, opts)
	h.engine.watch = &watch{} // nobody listens
	b := &bench{t: t, w: h.engine.writers[0]}
	server, client := connect(t)
	release, err := h.admit("x")
	if err != nil {
		t.Fatal(err)
	}
	b.client = client
	b.s = &stream{writer: b.w, conn: server, release: release}
	b.s.raw, _ = descriptor(server)
	if b.s.cursor, _, err = hub.Open(t.Context(), []string{"t"}, fanout.Start{}, b.s.wake); err != nil {
		t.Fatal(err)
	}
	b.w.tally.fast.Add(1)
	b.w.wheel.place(b.s, h.opts.Beat)
	t.Cleanup(func() {
		if !b.s.closed {
			b.w.end(b.s, nil)
		}
		cancel()
		<-ended
	})
	return b
}

func connect(t *testing.T) (server, client *net.TCPConn) {
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

// pass lets time go by until now.
func (b *bench) pass(now time.Duration) {
	b.w.now = now
	b.w.wheel.turn(now, b.w.tend)
	b.w.batches.forget()
}

// fill writes until the connection has no room.
func (b *bench) fill() {
	b.t.Helper()
	chunk := &batch{frames: newFrames(strings.Repeat("x", 32<<10))}
	chunk.join()
	for b.w.deliver(b.s, chunk) {
	}
	if !b.s.parked {
		b.t.Fatal("a stream that has no room is not parked")
	}
}

func TestBeatsComeInTimeAndOnlyToQuietStreams(t *testing.T) {
	const beat = 15 * time.Second
	b := newBench(t, Options{Beat: beat})
	chunk := &batch{frames: newFrames("an event\n\n")}
	chunk.join()
	wrote := 0
	var now time.Duration
	for range 200 { // busy: something every 4 s
		if now += 4 * time.Second; !b.w.deliver(b.s, chunk) {
			t.Fatal("the connection has no room")
		}
		b.pass(now)
		wrote++
	}
	quietFrom := b.s.since
	for ; now < quietFrom+10*beat; now += 100 * time.Millisecond {
		b.pass(now)
		if now-b.s.since > beat {
			t.Fatalf("silent for %v", now-b.s.since)
		}
	}
	b.w.end(b.s, nil)
	all, err := io.ReadAll(b.client)
	if err != nil {
		t.Fatal(err)
	}
	text := string(all)
	busy, quiet, _ := strings.Cut(text, "event: beat")
	if n := strings.Count(busy, "an event"); n != wrote {
		t.Errorf("a beat after %d of %d events", n, wrote)
	}
	if n := 1 + strings.Count(quiet, "event: beat"); n < 9 || n > 11 {
		t.Errorf("%d beats in ten times the interval", n)
	}
}

func TestReaderThatTakesNothingForTheTimeoutIsClosed(t *testing.T) {
	const timeout = 30 * time.Second
	b := newBench(t, Options{WriteTimeout: timeout})
	b.w.now = time.Second
	b.fill()
	for now := b.w.now; now < b.s.since+timeout; now += 100 * time.Millisecond {
		if b.pass(now); b.s.closed {
			t.Fatalf("closed %v after it was parked", now-b.s.since)
		}
	}
	b.pass(b.s.since + timeout + 2*b.w.wheel.tick)
	if s := b.w.engine.handler.Stats(); !b.s.closed || s.Slow != 1 || s.Parked != 0 || s.Fast != 0 {
		t.Errorf("closed: %v, figures %+v", b.s.closed, s)
	}
}

// A line so slow that the kernel never tells of room is not stuck as long as
// something moves.
func TestReaderThatTakesALittleStaysOpen(t *testing.T) {
	const timeout = 30 * time.Second
	b := newBench(t, Options{WriteTimeout: timeout})
	b.w.now = time.Second
	b.w.say(b.s, toChunk(make([]byte, 64<<20))) // more than fits, whatever it takes
	for range 10 {
		for !b.hasRoom() {
			if _, err := io.CopyN(io.Discard, b.client, 64<<10); err != nil {
				t.Fatal(err)
			}
		}
		b.pass(b.s.since + timeout + 2*b.w.wheel.tick)
		if b.s.closed || !b.s.parked {
			t.Fatalf("closed: %v, parked: %v", b.s.closed, b.s.parked)
		}
	}
}

// hasRoom reports whether a write would not block.
func (b *bench) hasRoom() bool {
	b.t.Helper()
	ready := 0
	b.s.raw.Control(func(fd uintptr) {
		var set syscall.FdSet
		set.Bits[fd/64] |= 1 << (fd % 64)
		ready, _ = syscall.Select(int(fd)+1, nil, &set, nil, &syscall.Timeval{})
	})
	return ready == 1
}

// A restart works on the cursor: until it is done the stream is not forgotten.
func TestStreamThatEndsInARestartIsForgottenAfterIt(t *testing.T) {
	b := newBench(t, Options{})
	h := b.w.engine.handler
	b.s.away, b.s.lost, b.s.held = true, true, true
	b.w.end(b.s, errGone)
	if h.admitted != 1 {
		t.Error("forgotten while the restart has its cursor")
	}
	b.w.receive(b.s, &page{reset: toChunk([]byte("too late"))})
	if h.admitted != 0 {
		t.Error("not forgotten after the restart")
	}
}

// It asks again soon, and not only when its next beat is due.
func TestStreamWhoseLogIsOutOfReachAsksAgain(t *testing.T) {
	b := newBench(t, Options{})
	b.w.now = time.Second
	b.s.away = true
	b.w.receive(b.s, &page{err: eventlog.ErrUnavailable})
	if at := time.Duration(b.s.spoke.tick) * b.w.wheel.tick; b.s.away || at > b.w.now+logPause+b.w.wheel.tick {
		t.Errorf("it is looked after at %v, %v from now", at, at-b.w.now)
	}
}
