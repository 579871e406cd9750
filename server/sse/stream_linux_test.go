package sse

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/server/internal/reactor"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// A desk is one stream over a real connection, whose loop is driven by hand: its time is
// what the test says it is.
type desk struct {
	t      *testing.T
	h      *Handler
	s      *stream
	client net.Conn
	now    time.Duration
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	hub := fanout.New(eventlog.NewMemory(eventlog.Retention{}), fanout.Options{Encode: encodeEvent})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); hub.Run(ctx) }()
	d := &desk{t: t, h: newHandler(nil, hub, Options{Writers: 1}), now: time.Second}
	release, err := d.h.admit(place{})
	if err != nil {
		t.Fatal(err)
	}
	cursor, _, err := hub.Open(t.Context(), []string{"t"}, fanout.Start{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	d.s = &stream{cursor: cursor, release: release, chunked: true}
	server, client := connected(t)
	d.client = client
	raw, _ := reactor.Descriptor(server)
	d.h.fast.add(ctx, d.s, &grant{}, server, raw, []byte("hello\n"))
	d.pass()
	t.Cleanup(func() {
		d.s.cut()
		d.pass()
		d.h.fast.stop()
		cancel()
		<-ended
	})
	return d
}

func connected(t *testing.T) (server, client net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	client, err = net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	server, err = l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	return server, client
}

func (d *desk) pass() { d.h.fast.reactor.Pass(0, d.now) }

// fill gives the stream more than its connection has room for, and returns that.
func (d *desk) fill() string {
	d.t.Helper()
	large := strings.Repeat("x", 32<<20)
	if d.s.conn.Send([]byte(large)) {
		d.t.Fatal("32 MiB fit into a connection")
	}
	return large
}

// text returns what the client receives until its end.
func (d *desk) text() string {
	d.t.Helper()
	got := make(chan string)
	go func() {
		all, _ := io.ReadAll(d.client)
		got <- string(all)
	}()
	for {
		select {
		case text := <-got:
			return text
		default:
			d.s.conn.Wake() // as the kernel's news would
			d.pass()
		}
	}
}

// A restart works on the cursor: until it is done the stream is not forgotten.
func TestStreamThatEndsInARestartIsForgottenAfterIt(t *testing.T) {
	d := newDesk(t)
	d.s.phase = restarting
	d.s.cut()
	d.pass()
	if d.h.admitted != 1 || d.s.phase != abandoned {
		t.Errorf("forgotten while the restart has its cursor: %d admitted, phase %d", d.h.admitted, d.s.phase)
	}
	d.s.conn.Post(&replayResult{reset: []byte("too late")})
	d.pass()
	if d.h.admitted != 0 || d.s.phase != ended {
		t.Errorf("not forgotten after the restart: %d admitted, phase %d", d.h.admitted, d.s.phase)
	}
}

// It may also end before the restart has been handed its cursor.
func TestStreamThatEndsBeforeItsRestartBeginsIsForgottenAtOnce(t *testing.T) {
	d := newDesk(t)
	d.s.shard.replay(d.s, fanout.ErrLost)
	d.s.conn.Abort(io.EOF)
	d.s.shard.afterPass()
	if got := d.h.Stats(); d.h.admitted != 0 || d.s.phase != ended || got.Replays != 0 {
		t.Errorf("%d admitted, phase %d, %d replays", d.h.admitted, d.s.phase, got.Replays)
	}
}

// It asks again soon, and not only when its next heartbeat is due.
func TestStreamWhoseLogIsOutOfReachAsksAgain(t *testing.T) {
	d := newDesk(t)
	d.s.phase = reading
	d.s.conn.Post(&replayResult{err: eventlog.ErrUnavailable})
	d.pass()
	d.s.shard.batches.last, d.s.shard.batches.offset = &batch{err: fanout.ErrBehind}, d.s.cursor.Offset()
	d.now += logPause + time.Second/2 // a tick is 469 ms
	d.pass()
	if got := d.h.Stats().Replays; got != 1 {
		t.Errorf("it has asked %d times after %v", got, d.now)
	}
}

// The client may have taken a part of a heartbeat when the reset comes. Neither may be
// lost, or the client would go on with what is void, and nor may one break the other.
func TestStreamWithoutRoomGetsItsResetBehindWhatItHasBegun(t *testing.T) {
	d := newDesk(t)
	large := d.fill()
	d.s.phase = restarting
	reset := resetFrame(event.Position("e1", 3), wire.Purged)
	d.s.conn.Post(&replayResult{reset: reset})
	d.s.sendBye("shutdown")
	d.pass()
	_, bye, ok := strings.Cut(d.text(), "hello\n"+large+string(toChunk(reset)))
	if !ok || !strings.Contains(bye, "event: bye\n") || !strings.HasSuffix(bye, lastChunk) {
		t.Errorf("after the reset comes %.200q, %v", bye, ok)
	}
}

// A page of the log that a stream has no room for is read again when there is
// room.
func TestStreamWithoutRoomDropsItsPage(t *testing.T) {
	d := newDesk(t)
	d.fill()
	at := d.s.cursor.Position()
	d.s.phase = reading
	b := &batch{frames: newFrames("one"), next: event.Position("e1", 9)}
	b.join()
	d.s.conn.Post(&replayResult{batches: []*batch{b}})
	d.pass()
	if d.s.phase != following || d.s.cursor.Position() != at {
		t.Errorf("phase %d, and its cursor has moved from %s to %s", d.s.phase, at, d.s.cursor.Position())
	}
}

// Heartbeats carry the position that the stream has reached.
func TestStreamSendsAHeartbeatWhenItIsQuietAndNoneInARestart(t *testing.T) {
	d := newDesk(t)
	d.now += d.h.opts.Heartbeat
	d.pass()
	d.s.phase = restarting
	d.now += 2 * d.h.opts.Heartbeat
	d.pass()
	d.s.cut()
	d.pass()
	d.s.conn.Post(&replayResult{err: io.EOF})
	d.pass()
	want := fmt.Sprintf("hello\n%s", toChunk(heartbeatFrame(d.s.cursor.Position())))
	if got := d.text(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
