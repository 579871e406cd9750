package source_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// Each frame that has an id moves the position, and the next connection asks
// for what comes after it.
func TestPositionFollowsEveryFrame(t *testing.T) {
	other := transport.Frame{Name: "test.unheard", Data: "{}", LastEventID: at(9).String()}
	broken := transport.Frame{Name: noted.Name(), Data: "{", LastEventID: at(9).String()}
	for _, c := range []struct {
		name  string
		frame transport.Frame
		want  event.ID
	}{
		{"hello alone", transport.Frame{Name: "heartbeat"}, at(3)},
		{"an event", notes(9, 9)[0], at(9)},
		{"a heartbeat", sourcetest.Heartbeat(at(9)), at(9)},
		{"a reset forward", sourcetest.Reset(at(9), wire.Purged), at(9)},
		{"a reset backward", sourcetest.Reset(at(1), wire.AheadOfNode), at(1)},
		{"a reset to another log", sourcetest.Reset(elsewhere(1), wire.Replaced), elsewhere(1)},
		{"an event nobody listens for", other, at(9)},
		{"an event that cannot be decoded", broken, at(9)},
		{"an event seen before", notes(2, 2)[0], at(3)},
		{"a heartbeat from before", sourcetest.Heartbeat(at(2)), at(3)},
		{"an event without an id", transport.Frame{Name: noted.Name(), Data: "{}"}, at(3)},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, source.Options{}, func(t *testing.T, p *page) {
				conn := p.live(wire.Live, at(3))
				conn.Send(c.frame)
				p.expectPosition(t, c.want)
				conn.Break()
				if got := query(t, p.server.Next()).Get("after"); got != c.want.String() {
					t.Errorf("asks for what is after %s, want %v", got, c.want)
				}
			})
		})
	}
}

// A page that keeps the position, to start from it another day, must not keep
// that of an event it has not dealt with.
func TestPositionMovesAfterTheCall(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		p.onNote = func(n uint64) {
			if got := p.State().Position; got != at(n-1) {
				t.Errorf("in the call for event %d the position is %v, want %v", n, got, at(n-1))
			}
		}
		p.live(wire.Live, at(0)).Send(notes(1, 3)...)
		p.expectPosition(t, at(3))
	})
}

func TestFrameThatWasSeenIsDropped(t *testing.T) {
	inBubble(t, source.Options{After: at(2)}, func(t *testing.T, p *page) {
		conn := p.live(wire.Resumed, at(2))
		conn.Send(notes(1, 3)...)
		p.expect(t, "connecting", "live", "3", "batch")
		conn.Break()
		p.live(wire.Resumed, at(3)).Send(notes(2, 5)...)
		p.expect(t, "waiting", "connecting", "live", "4", "5", "batch")
	})
}

func TestResetStartsThePageOver(t *testing.T) {
	for _, c := range []struct {
		name  string
		do    func(p *page, conn *sourcetest.Conn) *sourcetest.Conn
		diary []string
	}{
		{"in the middle of a stream", func(_ *page, conn *sourcetest.Conn) *sourcetest.Conn { return conn },
			[]string{"connecting", "live", "5", "6", "batch"}},
		{"at its beginning", func(p *page, conn *sourcetest.Conn) *sourcetest.Conn {
			conn.Break()
			return p.live(wire.Reset, event.ID{})
		}, []string{"connecting", "live", "5", "6", "batch", "waiting", "connecting", "live"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, source.Options{}, func(t *testing.T, p *page) {
				conn := p.live(wire.Live, at(4))
				conn.Send(notes(5, 6)...)
				p.expectPosition(t, at(6))
				conn = c.do(p, conn)
				p.expect(t, c.diary...)
				conn.Send(append([]transport.Frame{sourcetest.Reset(at(1), wire.Purged)}, notes(1, 3)...)...)
				p.expect(t, "reset purged", "2", "3", "batch")
			})
		})
	}
}

func TestResetWithoutAPositionIsAFreshStart(t *testing.T) {
	inBubble(t, source.Options{Last: 9}, func(t *testing.T, p *page) {
		conn := p.live(wire.Live, at(4))
		p.read()
		conn.Send(transport.Frame{Name: "reset", Data: "?", LastEventID: "?"})
		p.expect(t, "error reset", "error reset", "reset ", "batch")
		conn.Send(transport.Frame{Name: "heartbeat"})
		conn.Break()
		if q := query(t, p.server.Next()); q.Has("after") || q.Get("last") != "9" {
			t.Errorf("asks for %v", q)
		}
	})
}

// A stream that is not the continuation of what the page shows is left without
// applying anything, and asked for again from the old position.
func TestForeignStreamIsLeft(t *testing.T) {
	const left = "the stream does not continue where the page stands"
	hello := func(epoch string, mode wire.Mode, at event.ID) transport.Frame {
		return sourcetest.HelloFrom(wire.Hello{Epoch: epoch, Mode: mode}, at)
	}
	for _, c := range []struct {
		name   string
		frames []transport.Frame
		reason string
	}{
		{"resumed in another log", []transport.Frame{hello("e2", wire.Resumed, elsewhere(5))}, left},
		{"resumed at another log's id", []transport.Frame{hello("e1", wire.Resumed, elsewhere(5))}, left},
		{"fresh in another log", []transport.Frame{hello("e2", wire.Live, event.ID{})}, left},
		{"fresh further on", []transport.Frame{hello("e1", wire.Live, at(8))}, left},
		{"another log's event", []transport.Frame{hello("e1", wire.Resumed, at(5)),
			sourcetest.Event(noted, elsewhere(6), note{6})}, left},
		{"another log's heartbeat", []transport.Frame{hello("e1", wire.Resumed, at(5)), sourcetest.Heartbeat(elsewhere(6))}, left},
		{"a reset that does not come", []transport.Frame{hello("e1", wire.Reset, event.ID{}), notes(6, 6)[0]},
			"the stream did not bring the reset it announced"},
		{"an event first", notes(6, 6), "the stream did not begin with a hello"},
		{"a reset first", []transport.Frame{sourcetest.Reset(at(1), wire.Purged)}, "the stream did not begin with a hello"},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, source.Options{After: at(5)}, func(t *testing.T, p *page) {
				p.server.Next().Send(append(c.frames, notes(6, 7)...)...)
				s := p.last(t)
				if s.Phase != source.Waiting || s.Reason.Text != c.reason {
					t.Errorf("the state is %v: %q, want waiting: %q", s.Phase, s.Reason.Text, c.reason)
				}
				for _, line := range p.read() {
					if line == "6" || line == "7" {
						t.Error("an event of the foreign stream was applied")
					}
				}
				if got := query(t, p.server.Next()).Get("after"); got != at(5).String() {
					t.Errorf("asks for what is after %s, want %v", got, at(5))
				}
			})
		})
	}
}

// A server may say live to a page whose position is its head, or older: the
// page drops what it has.
func TestFreshStreamThatLeavesNoGapIsFollowed(t *testing.T) {
	for _, start := range []event.ID{{}, at(3), at(5)} {
		inBubble(t, source.Options{After: at(5)}, func(t *testing.T, p *page) {
			p.server.Next().Send(append([]transport.Frame{
				sourcetest.HelloFrom(wire.Hello{Epoch: "e1", Mode: wire.Live}, start)}, notes(4, 6)...)...)
			p.expect(t, "connecting", "live", "6", "batch")
		})
	}
}

func TestErrorsWithoutAHandlerAreLogged(t *testing.T) {
	var logged strings.Builder
	defer source.SetConsole(&logged)()
	synctest.Test(t, func(t *testing.T) {
		server := sourcetest.NewTransport()
		src := source.New(source.Options{Topics: []string{"notes"}, Transport: server, Environment: &sourcetest.Environment{}})
		if err := src.Start(); err != nil {
			t.Fatal(err)
		}
		server.Next().Send(transport.Frame{Name: wire.HelloName, Data: "?"})
		synctest.Wait()
		src.Close()
		<-src.Done()
	})
	if !strings.Contains(logged.String(), "decode hello") {
		t.Errorf("logged %q", &logged)
	}
}

func TestErrorsDoNotEndTheStream(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		conn := p.live(wire.Live, at(0))
		p.read()
		conn.Send(
			transport.Frame{Name: noted.Name(), Data: "{", LastEventID: at(1).String()},
			transport.Frame{Name: noted.Name(), Data: `{"N":"two"}`, LastEventID: at(2).String()},
			transport.Frame{Name: noted.Name(), Data: `{"N":3}`, LastEventID: "three"},
			notes(4, 4)[0])
		p.expect(t, "error test.noted", "error test.noted", "error test.noted", "4", "batch")
	})
}

func TestEventsNameTheirTopicAndTime(t *testing.T) {
	when := time.UnixMilli(1796040000007).UTC()
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		conn := p.live(wire.Live, at(0))
		conn.Send(
			sourcetest.EventOn(noted, event.Meta{ID: at(1), Topic: "notes", At: when}, note{1}),
			sourcetest.Event(noted, at(2), note{2}), // of a server that does not send them
			transport.Frame{Name: noted.Name(), Data: `{"N":3}`, LastEventID: at(3).String() + " not/a/topic soon"})
		p.expectPosition(t, at(3))
		if want := []event.Of[note]{
			{ID: at(1), Topic: "notes", At: when, Value: note{1}}, {ID: at(2), Value: note{2}}, {ID: at(3), Value: note{3}},
		}; !slices.Equal(p.events, want) {
			t.Errorf("the page received %+v, want %+v", p.events, want)
		}
		conn.Break()
		if got := query(t, p.server.Next()).Get("after"); got != at(3).String() {
			t.Errorf("asks for what is after %q, want %v", got, at(3))
		}
	})
}
