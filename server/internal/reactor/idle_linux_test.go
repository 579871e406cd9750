package reactor

import (
	"io"
	"strings"
	"testing"
	"time"
)

// defaults are the times of package sse.
var defaults = Options{Idle: 15 * time.Second, WriteTimeout: 30 * time.Second}

func TestIdleTimeIsReportedInTimeAndOnlyOfQuietConnections(t *testing.T) {
	idle := defaults.Idle
	g := newRig(t, defaults).start()
	wrote := 0
	now := g.now
	for range 200 { // busy: something every 4 s
		now += 4 * time.Second
		g.s.pending = append(g.s.pending, "an event\n")
		g.s.conn.Wake()
		g.pass(now)
		wrote++
	}
	if g.s.quiet > 0 {
		t.Fatal("a busy connection was reported as quiet")
	}
	for quietFrom := now; now < quietFrom+10*idle; now += 100 * time.Millisecond {
		if g.pass(now); now-g.s.conn.since > idle {
			t.Fatalf("silent for %v", now-g.s.conn.since)
		}
	}
	g.s.conn.Close()
	g.pass(now)
	text := g.text()
	busy, _, _ := strings.Cut(text, "quiet\n")
	if n := strings.Count(busy, "an event\n"); n != wrote || g.s.quiet < 9 || g.s.quiet > 11 {
		t.Errorf("%d of %d events before the first of %d reports in ten times the idle time", n, wrote, g.s.quiet)
	}
}

func TestConnectionThatTakesNothingForTheTimeoutIsClosed(t *testing.T) {
	timeout := defaults.WriteTimeout
	g := newRig(t, defaults).start()
	g.fill()
	for now := g.now; now < g.s.conn.since+timeout; now += 100 * time.Millisecond {
		if g.pass(now); g.s.closed > 0 {
			t.Fatalf("closed %v after it was blocked", now-g.s.conn.since)
		}
	}
	g.pass(g.s.conn.since + timeout + 2*g.s.conn.loop.wheel.tick)
	if s := g.r.Stats(); g.s.closed != 1 || g.s.err != errSlow || s.Slow != 1 || s.Blocked != 0 || s.Open != 0 {
		t.Errorf("closed %d times by %v, figures %+v", g.s.closed, g.s.err, s)
	}
}

// The kernel's buffer may end exactly where a frame does. The next one is begun with none
// of its bytes, and the connection is stuck like any other.
func TestConnectionThatHasTakenWholeFramesOnlyIsClosedToo(t *testing.T) {
	g := newRig(t, defaults).start()
	g.fill()
	for { // what is kept is taken now, byte by byte, until nothing more fits
		before := len(g.s.conn.kept)
		if g.s.conn.Room() {
			g.fill()
		}
		if len(g.s.conn.kept) == before {
			break
		}
	}
	g.s.conn.kept = []byte("a whole frame\n") // as if the bytes so far had ended there
	for range 3 {
		g.pass(g.now + defaults.WriteTimeout + 2*g.s.conn.loop.wheel.tick)
	}
	if s := g.r.Stats(); g.s.closed != 1 || s.Slow != 1 {
		t.Errorf("closed %d times by %v, figures %+v", g.s.closed, g.s.err, s)
	}
}

// A connection so slow that the kernel never reports room is not stuck as long as
// some bytes are taken.
func TestConnectionThatTakesALittleStaysOpen(t *testing.T) {
	g := newRig(t, defaults).start()
	if g.s.conn.Send(make([]byte, 64<<20)) { // more than fits, whatever it takes
		t.Fatal("64 MiB fit into a connection")
	}
	for range 10 {
		for !g.hasRoom() {
			if _, err := io.CopyN(io.Discard, g.client, 64<<10); err != nil {
				t.Fatal(err)
			}
		}
		g.pass(g.s.conn.since + defaults.WriteTimeout + 2*g.s.conn.loop.wheel.tick)
		if g.s.closed > 0 || g.s.conn.state != blocked {
			t.Fatalf("closed %d times, state %d", g.s.closed, g.s.conn.state)
		}
	}
}

// A source whose own source is out of reach asks again soon, and not only when the idle
// time is over.
func TestWakeInComesBeforeTheIdleTimeAndNotAfterIt(t *testing.T) {
	const soon = 250 * time.Millisecond
	g := newRig(t, defaults).start()
	tick := g.s.conn.loop.wheel.tick
	g.s.conn.WakeIn(soon)
	g.s.pending = []string{"now\n"}
	g.pass(g.now + soon + tick)
	if len(g.s.pending) > 0 {
		t.Errorf("it was not asked within %v", soon+tick)
	}
	g.s.conn.WakeIn(time.Hour)
	g.pass(g.now + defaults.Idle + tick)
	if g.s.quiet != 1 {
		t.Errorf("%d reports that it is quiet, want one", g.s.quiet)
	}
}
