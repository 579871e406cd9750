package source_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// remembered returns a choice whose origin knows the fallback.
func remembered(t *testing.T) *choice {
	t.Helper()
	c := newChoice()
	c.inBubble(t, func(t *testing.T, p *page) { c.heldBack(t, p) })
	return &choice{called{sourcetest.NewTransport(), "first"}, called{sourcetest.NewTransport(), "second"}, c.origin}
}

// onTrial brings a page to Live by the remembered fallback, and to the first trial
// of the stream.
func onTrial(t *testing.T, test func(t *testing.T, c *choice, p *page, stream, polls *sourcetest.Conn)) {
	t.Helper()
	c := remembered(t)
	c.inBubble(t, func(t *testing.T, p *page) {
		polls := c.second.Next()
		polls.Send(append([]transport.Frame{helloWithHeartbeats(wire.Live, at(0))}, notes(1, 3)...)...)
		c.aliveFor(75*time.Second, polls) // the trial is due after 60 to 90 s; random is 0.5
		p.read()
		if n := c.first.Waiting(); n != 1 {
			t.Fatalf("the stream was tried %d times", n)
		}
		test(t, c, p, c.first.Next(), polls)
	})
}

// aliveFor lets time go by in which the server sends its heartbeats.
func (c *choice) aliveFor(d time.Duration, conn *sourcetest.Conn) {
	for ; d > 0; d -= 15 * time.Second {
		pass(min(d, 15*time.Second))
		conn.Send(sourcetest.Heartbeat(event.ID{}))
	}
	synctest.Wait()
}

func TestTrialThatSucceeds(t *testing.T) {
	onTrial(t, func(t *testing.T, c *choice, p *page, stream, polls *sourcetest.Conn) {
		if got := query(t, stream).Get("after"); got != at(3).String() {
			t.Errorf("it asks for what is after %s", got)
		}
		stream.Send(helloWithHeartbeats(wire.Resumed, at(3)))
		pass(2 * time.Second)
		c.expect(t, p, source.Live, "second")
		stream.Send(notes(4, 4)...)
		c.expect(t, p, source.Live, "first")
		if !released(polls) {
			t.Error("the fallback was not given up")
		}
		p.expect(t, "live", "4", "batch")
		stream.Break()
		c.expect(t, p, source.Waiting, "first")
		c.first.Next() // the memory is gone
		c.opened(t, 2, 1)
	})
}

// On a quiet topic a heartbeat is proof.
func TestTrialThatSucceedsByAHeartbeat(t *testing.T) {
	onTrial(t, func(t *testing.T, c *choice, p *page, stream, polls *sourcetest.Conn) {
		stream.Send(helloWithHeartbeats(wire.Resumed, at(3)))
		pass(15 * time.Second)
		stream.Send(sourcetest.Heartbeat(at(3)))
		c.expect(t, p, source.Live, "first")
		p.expect(t, "live")
	})
}

// Frames that come together with the hello may be what has filled a buffer.
func TestTrialNeedsMoreThanABeginning(t *testing.T) {
	onTrial(t, func(t *testing.T, c *choice, p *page, stream, polls *sourcetest.Conn) {
		stream.Send(append([]transport.Frame{helloWithHeartbeats(wire.Resumed, at(3))}, notes(4, 9)...)...)
		c.expect(t, p, source.Live, "second")
		polls.Send(notes(4, 9)...)
		c.aliveFor(36*time.Second, polls)
		c.expect(t, p, source.Live, "second")
		if released(stream) {
			t.Error("it was given up too early")
		}
		pass(2 * time.Second) // 37.5 s in all: two and a half heartbeats
		if !released(stream) {
			t.Error("it was not given up")
		}
		p.expect(t, "4", "5", "6", "7", "8", "9", "batch")
	})
}

// What comes through late is not live.
func TestTrialOfAStreamThatIsLate(t *testing.T) {
	onTrial(t, func(t *testing.T, c *choice, p *page, stream, polls *sourcetest.Conn) {
		stream.Send(helloWithHeartbeats(wire.Resumed, at(3)))
		polls.Send(notes(4, 9)...)
		pass(10 * time.Second)
		stream.Send(notes(4, 9)...)
		c.expect(t, p, source.Live, "second")
		polls.Send(notes(10, 10)...)
		synctest.Wait()
		stream.Send(notes(10, 10)...) // a moment after the fallback
		c.expect(t, p, source.Live, "first")
		p.expect(t, "4", "5", "6", "7", "8", "9", "batch", "10", "batch", "live")
	})
}

// A stream that would leave a gap, or start the page over, is no gain.
func TestTrialThatTheStreamFails(t *testing.T) {
	for name, say := range map[string]func(*sourcetest.Conn){
		"it breaks":           (*sourcetest.Conn).Break,
		"it is rejected":      (*sourcetest.Conn).Reject,
		"it begins elsewhere": func(c *sourcetest.Conn) { c.Send(helloWithHeartbeats(wire.Live, at(5))) },
		"another log":         func(c *sourcetest.Conn) { c.Send(helloWithHeartbeats(wire.Resumed, elsewhere(3))) },
		"a reset": func(c *sourcetest.Conn) {
			c.Send(helloWithHeartbeats(wire.Reset, event.ID{}), sourcetest.Reset(at(0), wire.Purged))
		},
		"a reset later": func(c *sourcetest.Conn) {
			c.Send(helloWithHeartbeats(wire.Resumed, at(3)))
			pass(2 * time.Second)
			c.Send(sourcetest.Reset(at(0), wire.Purged))
		},
		"a bye": func(c *sourcetest.Conn) {
			c.Send(helloWithHeartbeats(wire.Resumed, at(3)), sourcetest.Bye(wire.Bye{Retry: 1}))
		},
		"no hello": func(c *sourcetest.Conn) { c.Send(notes(4, 4)...) },
		"silence":  func(c *sourcetest.Conn) { pass(10 * time.Second) },
	} {
		t.Run(name, func(t *testing.T) {
			onTrial(t, func(t *testing.T, c *choice, p *page, stream, polls *sourcetest.Conn) {
				say(stream)
				synctest.Wait()
				if !released(stream) || released(polls) {
					t.Error("the trial goes on, or the fallback does not")
				}
				polls.Send(notes(4, 4)...)
				c.expect(t, p, source.Live, "second")
				p.expect(t, "4", "batch")
			})
		})
	}
}

// The fallback's reset makes what the stream on trial has said worthless.
func TestTrialThroughAReset(t *testing.T) {
	onTrial(t, func(t *testing.T, c *choice, p *page, stream, polls *sourcetest.Conn) {
		stream.Send(helloWithHeartbeats(wire.Resumed, at(3)))
		polls.Send(append([]transport.Frame{sourcetest.Reset(at(0), wire.Replaced)}, notes(1, 1)...)...)
		synctest.Wait()
		if !released(stream) {
			t.Error("the trial goes on")
		}
		c.expect(t, p, source.Live, "second")
		p.expect(t, "reset "+string(wire.Replaced), "1", "batch")
	})
}

// The end of the fallback is the end of the connection, whatever is on trial.
func TestTrialEndsWithTheFallback(t *testing.T) {
	onTrial(t, func(t *testing.T, c *choice, p *page, stream, polls *sourcetest.Conn) {
		polls.Break()
		c.expect(t, p, source.Waiting, "second")
		if !released(stream) {
			t.Error("the trial goes on")
		}
		c.second.Next().Send(helloWithHeartbeats(wire.Resumed, at(3)))
		c.expect(t, p, source.Live, "second")
		c.opened(t, 1, 2) // the next trial is due later
	})
}

// Trials become rarer, up to one an hour, and begin anew with another network.
func TestTrialsAreFewerAndFewer(t *testing.T) {
	onTrial(t, func(t *testing.T, c *choice, p *page, _, polls *sourcetest.Conn) {
		var after []time.Duration
		last := time.Now()
		for range 9 {
			for c.first.Waiting() == 0 {
				c.aliveFor(15*time.Second, polls)
			}
			c.first.Next().Reject()
			after = append(after, time.Since(last).Round(time.Minute))
			last = time.Now()
		}
		want := []time.Duration{3, 5, 10, 20, 40, 75, 75, 75, 75} // 2 min and up to half more, and so on
		for i, minutes := range want {
			if d := (after[i] - minutes*time.Minute).Abs(); d > time.Minute {
				t.Errorf("trial %d came after %v, want %d min", i+2, after[i], minutes)
			}
		}
		opened := c.first.Opened()
		p.browser.GoOnline()
		pass(2 * time.Second)
		c.opened(t, opened+1, 1)
		c.first.Next().Reject()
		c.aliveFor(165*time.Second, polls)
		c.opened(t, opened+2, 1)
		c.expect(t, p, source.Live, "second")
	})
}

// A stream that is only slow, since the server starts or the network is bad, is
// preferred as soon as it is there: the origin forgets the fallback.
func TestTrialOfASlowStream(t *testing.T) {
	c := newChoice()
	c.inBubble(t, func(t *testing.T, p *page) {
		stream, _ := c.heldBack(t, p)
		pass(5 * time.Second)
		stream.Send(helloWithHeartbeats(wire.Live, at(0)))
		pass(15 * time.Second)
		stream.Send(sourcetest.Heartbeat(at(0)))
		c.expect(t, p, source.Live, "first")
		c.opened(t, 1, 1)
		p.expect(t, "connecting", "live", "live", "live") // once since it is healthy
	})
	c.inBubble(t, func(t *testing.T, p *page) {
		c.first.Next().Send(helloWithHeartbeats(wire.Live, at(0)))
		c.expect(t, p, source.Live, "first")
		c.opened(t, 2, 1)
	})
}
