package source_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

// pass lets time go by, and all happen that is due.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// helloWithHeartbeats is a hello that promises a heartbeat every 15 s, as servers do.
func helloWithHeartbeats(mode wire.Mode, at event.ID) transport.Frame {
	return sourcetest.HelloFrom(wire.Hello{Epoch: at.Epoch(), Head: at, Mode: mode, Heartbeat: 15_000}, at)
}

// heldBack brings a page to Live by the fallback, while the stream is held back,
// and returns both connections.
func (c *choice) heldBack(t *testing.T, p *page) (stream, polls *sourcetest.Conn) {
	t.Helper()
	stream = c.first.Next()
	pass(3 * time.Second)
	if n := c.second.Waiting(); n != 1 {
		t.Fatalf("after 3 s there are %d connections of the fallback", n)
	}
	polls = c.second.Next()
	polls.Send(helloWithHeartbeats(wire.Live, at(0)))
	c.expect(t, p, source.Live, "second")
	return stream, polls
}

// expect compares the state's phase and transport.
func (c *choice) expect(t *testing.T, p *page, phase source.Phase, transport string) {
	t.Helper()
	if s := p.last(t); s.Phase != phase || s.Transport != transport {
		t.Errorf("the state is %+v, want %v by %s", s, phase, transport)
	}
}

// opened compares how many connections there were.
func (c *choice) opened(t *testing.T, first, second int) {
	t.Helper()
	synctest.Wait()
	if c.first.Opened() != first || c.second.Opened() != second {
		t.Errorf("there were %d connections of the first and %d of the second, want %d and %d",
			c.first.Opened(), c.second.Opened(), first, second)
	}
}

func TestRaceWonByTheFallback(t *testing.T) {
	c := newChoice()
	c.inBubble(t, func(t *testing.T, p *page) {
		stream := c.first.Next()
		stream.Accept() // some proxies pass on that an answer has begun
		pass(2999 * time.Millisecond)
		c.opened(t, 1, 0)
		pass(time.Millisecond)
		c.opened(t, 1, 1)
		c.expect(t, p, source.Connecting, "first")
		if n := p.Source.State().Attempt; n != 1 {
			t.Errorf("it is attempt %d", n)
		}
		polls := c.second.Next()
		polls.Accept()
		polls.Send(append([]transport.Frame{helloWithHeartbeats(wire.Live, at(0))}, notes(1, 2)...)...)
		c.expect(t, p, source.Live, "second")
		polls.Send(notes(3, 3)...)
		synctest.Wait()
		if released(stream) {
			t.Error("the stream was given up before its time")
		}
		pass(7 * time.Second) // 10 s from its beginning
		if !released(stream) || released(polls) {
			t.Error("the stream was not given up in time, or the fallback was")
		}
		p.expect(t, "connecting", "connecting", "live", "1", "2", "batch", "3", "batch")
	})
}

func TestRaceWonByTheStream(t *testing.T) {
	c := newChoice()
	c.inBubble(t, func(t *testing.T, p *page) {
		stream := c.first.Next()
		pass(4 * time.Second)
		polls := c.second.Next()
		stream.Send(append([]transport.Frame{helloWithHeartbeats(wire.Live, at(0))}, notes(1, 2)...)...)
		c.expect(t, p, source.Live, "first")
		if !released(polls) {
			t.Error("the fallback was not given up")
		}
		polls.Send(append([]transport.Frame{helloWithHeartbeats(wire.Live, at(0))}, notes(1, 2)...)...)
		stream.Send(notes(3, 3)...)
		p.expect(t, "connecting", "live", "1", "2", "batch", "3", "batch")
		stream.Break()
		c.first.Next()
		c.opened(t, 2, 1)
	})
}

// A stream that is in time has no rival at all.
func TestRaceThatIsNone(t *testing.T) {
	c := newChoice()
	c.inBubble(t, func(t *testing.T, p *page) {
		pass(2 * time.Second)
		stream := c.first.Next()
		stream.Send(helloWithHeartbeats(wire.Live, at(0)))
		for range 100 {
			pass(15 * time.Second)
			stream.Send(sourcetest.Heartbeat(at(0)))
		}
		c.expect(t, p, source.Live, "first")
		c.opened(t, 1, 0)
	})
}

// A stream that fails at once is waited for as ever: the server is down, and has
// no use for twice the load.
func TestRaceIsNotRunWithAServerThatIsDown(t *testing.T) {
	c := newChoice()
	c.inBubble(t, func(t *testing.T, p *page) {
		for range 5 {
			c.first.Next().Break()
		}
		c.first.Next()
		c.opened(t, 6, 0)
	})
}

// Of two that fail the one that is left may still do it.
func TestRaceInWhichOneFails(t *testing.T) {
	for _, tc := range []struct {
		name string
		fail func(*sourcetest.Conn)
	}{
		{"breaks", (*sourcetest.Conn).Break},
		{"is rejected", (*sourcetest.Conn).Reject},
		{"fails", func(c *sourcetest.Conn) { c.Fail(errors.New("no")) }},
	} {
		t.Run("the stream "+tc.name, func(t *testing.T) {
			c := newChoice()
			c.inBubble(t, func(t *testing.T, p *page) {
				stream := c.first.Next()
				pass(4 * time.Second)
				tc.fail(stream)
				c.expect(t, p, source.Connecting, "first")
				c.second.Next().Send(helloWithHeartbeats(wire.Live, at(0)))
				c.expect(t, p, source.Live, "second")
			})
		})
		t.Run("the fallback "+tc.name, func(t *testing.T) {
			c := newChoice()
			c.inBubble(t, func(t *testing.T, p *page) {
				stream := c.first.Next()
				pass(4 * time.Second)
				tc.fail(c.second.Next())
				c.expect(t, p, source.Connecting, "first")
				pass(5 * time.Second)
				stream.Send(helloWithHeartbeats(wire.Live, at(0)))
				c.expect(t, p, source.Live, "first")
			})
		})
	}
}

func TestRaceInWhichBothFail(t *testing.T) {
	c := newChoice()
	c.inBubble(t, func(t *testing.T, p *page) {
		stream := c.first.Next()
		pass(4 * time.Second)
		c.second.Next().Fail(errors.New("not here"))
		stream.Break()
		s := p.last(t)
		if s.Phase != source.Waiting || s.Reason.Text != "the server cannot be reached" || s.Attempt != 2 {
			t.Errorf("the state is %+v", s)
		}
		c.first.Next()
	})
}

// What the server itself says counts, whichever of the two hears it.
func TestRaceEndsWithTheServersWord(t *testing.T) {
	full := sourcetest.Fault(wire.Fault{Error: *fault.New(fault.Unavailable, "full"), Wait: 20_000})
	for name, of := range map[string]func(*choice) called{
		"to the stream":   func(c *choice) called { return c.first },
		"to the fallback": func(c *choice) called { return c.second },
	} {
		t.Run(name, func(t *testing.T) {
			c := newChoice()
			c.inBubble(t, func(t *testing.T, p *page) {
				pass(4 * time.Second)
				of(c).Next().Send(full)
				if s := p.last(t); s.Phase != source.Waiting || time.Until(s.Until) < 20*time.Second || s.Reason.Fault == nil {
					t.Errorf("the state is %+v", s)
				}
				if n := c.first.Unreleased() + c.second.Unreleased(); n != 0 {
					t.Errorf("%d connections are left", n)
				}
			})
		})
	}
}

// A server that answers neither is not asked twice a try for ever, and is asked
// by both in turn, so that whichever gets through in the end is used.
func TestRacesEndWithAServerThatAnswersNeither(t *testing.T) {
	c := newChoice()
	c.inBubble(t, func(t *testing.T, p *page) {
		var opened []string
		first, second := 0, 0
		for p.State().Attempt < 8 {
			pass(time.Second)
			for ; first < c.first.Opened(); first++ {
				opened = append(opened, "first")
			}
			for ; second < c.second.Opened(); second++ {
				opened = append(opened, "second")
			}
		}
		want := []string{"first", "second", "first", "second", "first", "second", "first", "second", "first"}
		if !slices.Equal(opened[:min(len(opened), len(want))], want) || len(opened) > 10 {
			t.Errorf("in 7 tries it was asked by %q", opened)
		}
		if n := c.first.Unreleased() + c.second.Unreleased(); n > 1 {
			t.Errorf("there are %d connections", n)
		}
		if texts := c.origin.(*sourcetest.Storage).Texts(); len(texts) != 0 {
			t.Errorf("the origin remembers %q", texts)
		}
	})
}

// Without a network, or through a sleep, the lack of a hello says nothing.
func TestRacesGoOnWhereNothingWasHeldBack(t *testing.T) {
	c := newChoice()
	c.inBubble(t, func(t *testing.T, p *page) {
		p.browser.GoOffline()
		for range 3 {
			pass(10 * time.Second)
			pass(time.Minute)
		}
		p.browser.GoOnline()
		for range 2 {
			p.browser.Sleep(time.Hour)
			p.browser.PageEvent(source.Resume)
			synctest.Wait()
		}
		for p.State().Phase != source.Connecting {
			pass(10 * time.Millisecond)
		}
		before := c.second.Opened()
		pass(4 * time.Second)
		if n := c.second.Opened() - before; n != 1 {
			t.Errorf("in the next try there are %d connections of the fallback", n)
		}
	})
}

// A proxy's buffer that what a stream begins with fills lets that through.
func TestRaceAgainstAStreamThatOnlyBegins(t *testing.T) {
	c := newChoice()
	c.inBubble(t, func(t *testing.T, p *page) {
		c.first.Next().Send(append([]transport.Frame{helloWithHeartbeats(wire.Live, at(0))}, notes(1, 3)...)...)
		c.expect(t, p, source.Live, "first")
		pass(37500 * time.Millisecond)
		c.expect(t, p, source.Stale, "second")
		c.second.Next().Send(helloWithHeartbeats(wire.Resumed, at(3)))
		c.expect(t, p, source.Live, "second")
		p.expect(t, "connecting", "live", "1", "2", "3", "batch", "live", "stale", "live")
	})
}

// A stream that has once gone on is not held back when it falls silent.
func TestRaceIsNotLostByAStreamThatHasGoneOn(t *testing.T) {
	c := newChoice()
	c.inBubble(t, func(t *testing.T, p *page) {
		stream := c.first.Next()
		stream.Send(helloWithHeartbeats(wire.Live, at(0)))
		pass(15 * time.Second)
		stream.Send(sourcetest.Heartbeat(at(0)))
		pass(40 * time.Second)
		c.expect(t, p, source.Stale, "first")
	})
}

// Tries that change the transport change nothing of what the page is told.
func TestRaceLosesAndRepeatsNothing(t *testing.T) {
	c := newChoice()
	c.inBubble(t, func(t *testing.T, p *page) {
		stream, polls := c.heldBack(t, p)
		polls.Send(notes(1, 3)...)
		synctest.Wait()
		stream.Send(append([]transport.Frame{helloWithHeartbeats(wire.Live, at(0))}, notes(1, 5)...)...)
		polls.Send(notes(4, 5)...)
		pass(2 * time.Second)
		stream.Send(notes(6, 6)...)
		synctest.Wait()
		polls.Send(notes(6, 7)...) // too late
		stream.Send(notes(7, 8)...)
		var got []string
		for _, word := range p.read() {
			if word != "batch" {
				got = append(got, word)
			}
		}
		want := []string{"connecting", "live"}
		for n := range 3 {
			want = append(want, fmt.Sprint(n+1))
		}
		want = append(want, "4", "5", "live", "6", "7", "8")
		if !slices.Equal(got, want) {
			t.Errorf("the page was told %q, want %q", got, want)
		}
		c.expect(t, p, source.Live, "first")
	})
}
