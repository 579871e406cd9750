package source_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

func TestLiveStreamFromOpenToClose(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		if s := p.last(t); s != (source.State{Phase: source.Connecting, Attempt: 1}) {
			t.Errorf("at first the state is %+v", s)
		}
		conn := p.server.Next()
		conn.Accept()
		if s := p.last(t); s != (source.State{Phase: source.Connecting, ReadyState: transport.ReadyOpen, Attempt: 1}) {
			t.Errorf("open, but without a hello, the state is %+v", s)
		}
		conn.Send(sourcetest.Hello(wire.Live, at(4)))
		if s := p.last(t); s != (source.State{Phase: source.Live, ReadyState: transport.ReadyOpen, Attempt: 1, Position: at(4)}) {
			t.Errorf("after the hello the state is %+v", s)
		}
		<-time.After(10 * time.Second)
		if s := p.last(t); s != (source.State{Phase: source.Live, ReadyState: transport.ReadyOpen, Position: at(4)}) {
			t.Errorf("10 s later the state is %+v", s)
		}
		p.expect(t, "connecting", "connecting", "live", "live")
	})
}

func TestWaitHasAReason(t *testing.T) {
	refusal := fault.New(fault.Unavailable, "we are full")
	for _, c := range []struct {
		name string
		do   func(*sourcetest.Conn)
		text string
	}{
		{"nobody answers", func(c *sourcetest.Conn) { c.Break() }, "the server cannot be reached"},
		{"another status than 200", func(c *sourcetest.Conn) { c.Reject() }, "the server did not answer with a stream"},
		{"the stream breaks", func(c *sourcetest.Conn) {
			c.Send(sourcetest.Hello(wire.Live, at(1)))
			c.Break()
		}, "the connection was lost"},
		{"no hello within 10 s", func(c *sourcetest.Conn) {
			c.Accept()
			<-time.After(10 * time.Second)
		}, "the server did not answer in time"},
		{"a bye", func(c *sourcetest.Conn) { c.Send(sourcetest.Bye(wire.Bye{Reason: "deploy"})) }, "the server closed the stream"},
		{"a bye that cannot be read", func(c *sourcetest.Conn) { c.Send(transport.Frame{Name: "bye"}) }, "the server closed the stream"},
		{"a fault that may pass", func(c *sourcetest.Conn) { c.Send(sourcetest.Fault(wire.Fault{Error: *refusal})) }, "we are full"},
		{"a fault that cannot be read", func(c *sourcetest.Conn) { c.Send(transport.Frame{Name: "fault"}) }, "the server refused the stream"},
		{"a fault of another form", func(c *sourcetest.Conn) {
			c.Send(transport.Frame{Name: "fault", Data: `{"error":{"code":"forbidden"}}`})
		}, "the server refused the stream"},
		{"a hello that cannot be read", func(c *sourcetest.Conn) {
			c.Send(transport.Frame{Name: "hello", Data: "hello"})
		}, "the server's hello cannot be understood"},
		{"an event before the hello", func(c *sourcetest.Conn) { c.Send(notes(1, 1)...) }, "the stream did not begin with a hello"},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, source.Options{}, func(t *testing.T, p *page) {
				conn := p.server.Next()
				c.do(conn)
				s := p.last(t)
				if s.Phase != source.Waiting || s.Reason.Text != c.text {
					t.Errorf("the state is %v: %q, want waiting: %q", s.Phase, s.Reason.Text, c.text)
				}
				if !released(conn) {
					t.Error("the connection was not released")
				}
				if s.Until.Before(time.Now()) {
					t.Errorf("the next try, at %v, is past", s.Until)
				}
			})
		})
	}
}

func TestServersReasonReachesThePage(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		bye := wire.Bye{Retry: 4000, Reason: "deploy"}
		p.server.Next().Send(sourcetest.Bye(bye))
		if got := p.last(t).Reason.Bye; got == nil || *got != bye {
			t.Errorf("the bye is %+v, want %+v", got, bye)
		}
		refusal := fault.New(fault.Unavailable, "we are full")
		p.server.Next().Send(sourcetest.Fault(wire.Fault{Error: *refusal}))
		if got := p.last(t).Reason.Fault; got == nil || *got != *refusal {
			t.Errorf("the fault is %+v, want %+v", got, refusal)
		}
	})
}

// What was taken before the queue overflowed is told, the rest is asked for
// again: a busy page loses nothing.
func TestBusyPageResumes(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		conn := p.live(wire.Live, at(0))
		big := make([]transport.Frame, 17)
		for i := range big {
			big[i] = transport.Frame{
				Name:        noted.Name(),
				Data:        `{"N":1}` + strings.Repeat(" ", 1<<20),
				LastEventID: at(uint64(i + 1)).String(),
			}
		}
		p.read()
		conn.Send(append(big, notes(18, 20)...)...)
		if s := p.last(t); s.Reason.Text != "the page is too busy to follow the stream" {
			t.Errorf("the state is %+v", s)
		}
		if n := len(p.read()); n != 15+2 { // 16 MiB hold 15 of them; waiting, batch
			t.Errorf("the page was told %d things", n)
		}
		if got := query(t, p.server.Next()).Get("after"); got != at(15).String() {
			t.Errorf("resumes after %s, want %v", got, at(15))
		}
	})
}

// A connection that the source gave up may still speak: a browser's callbacks
// are queued, and a proxy's answer can come late.
func TestLateConnectionIsIgnored(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		old := p.live(wire.Live, at(0))
		old.Send(notes(1, 1)...)
		synctest.Wait()
		old.Break()
		current := p.live(wire.Resumed, at(1))
		p.expect(t, "connecting", "live", "1", "batch", "waiting", "connecting", "live")

		old.Accept()
		old.Send(notes(2, 2)...)
		old.Send(sourcetest.Reset(at(0), wire.Purged), sourcetest.Bye(wire.Bye{}))
		old.Break()
		p.expect(t)
		current.Send(notes(2, 2)...)
		p.expect(t, "2", "batch")
	})
}

// What stands behind the frame that ends a connection is not told: the next
// connection tells it.
func TestEndOfAConnectionIsItsLastSignal(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		conn := p.live(wire.Live, at(0))
		p.read()
		conn.Send(notes(1, 1)[0], sourcetest.Bye(wire.Bye{}), notes(2, 2)[0])
		p.expect(t, "1", "waiting", "batch")
		p.expectPosition(t, at(1))
	})
}

func TestStateIsReportedOnlyWhenItChanges(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		conn := p.live(wire.Live, at(0))
		p.read()
		conn.Accept()
		conn.Send(sourcetest.Hello(wire.Resumed, at(0)), sourcetest.Heartbeat(at(5)))
		p.expect(t)
		p.expectPosition(t, at(5))
	})
}

// That the connection before has begun well says nothing of this one.
func TestConnectionNeedsAHello(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		p.live(wire.Live, at(0)).Break()
		p.read()
		p.server.Next().Send(notes(1, 1)...)
		p.expect(t, "connecting", "waiting")
	})
}

func TestTransportThatCannotOpenIsTriedAgain(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		p.server.Refuse(errors.New("no route"))
		p.server.Next().Break()
		synctest.Wait()
		<-time.After(time.Minute)
		if s := p.last(t); s.Reason.Text != "no route" || s.Attempt < 3 {
			t.Errorf("the state is %+v", s)
		}
		p.server.Refuse(nil)
		p.live(wire.Live, at(1))
		if s := p.last(t); s.Phase != source.Live {
			t.Errorf("the state is %+v", s)
		}
	})
}
