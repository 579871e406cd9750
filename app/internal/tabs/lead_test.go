package tabs_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/internal/tabs/tabstest"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

type note struct{ N uint64 }

var noted = event.Define[note]("tabs.noted")

func at(n uint64) event.ID { return event.NewID("e1", n, "key") }

// notes returns the frames of events from..to.
func notes(from, to uint64) (frames []transport.Frame) {
	for n := from; n <= to; n++ {
		frames = append(frames, sourcetest.Event(noted, at(n), note{n}))
	}
	return frames
}

// A client is one connection of a tab, with the numbers of the events that it
// was sent.
type client struct {
	sent    []uint64
	release func()
}

// connect opens a connection of a new tab that resumes after a position.
func connect(t *testing.T, browser *tabstest.Browser, server transport.Transport, after uint64) *client {
	t.Helper()
	c := &client{}
	release, err := browser.NewTab().Share(server).Open(transport.Request{URL: "/events?after=" + at(after).String()}, func(signals ...transport.Signal) {
		for _, s := range signals {
			if id := s.Frame.Position(); !id.IsZero() && s.Frame.Name == noted.Name() {
				c.sent = append(c.sent, id.Seq())
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	c.release = release
	moment()
	return c
}

// expect compares what a client was sent.
func (c *client) expect(t *testing.T, want ...uint64) {
	t.Helper()
	moment()
	if !slices.Equal(c.sent, want) {
		t.Errorf("it was sent %v, want %v", c.sent, want)
	}
}

// greet begins the stream of the next connection.
func greet(server *sourcetest.Transport, after uint64) *sourcetest.Conn {
	conn := server.Next()
	conn.Send(sourcetest.HelloFrom(wire.Hello{Epoch: "e1", Mode: wire.Resumed, Heartbeat: 15_000}, at(after)))
	moment()
	return conn
}

// Encoding each batch for tabs that are not there would be what a lone tab does
// most of the time.
func TestLoneTabPostsNoFrames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		browser := &tabstest.Browser{Rand: rand.New(rand.NewPCG(1, 2))}
		server := sourcetest.NewTransport()
		lone := connect(t, browser, server, 0)
		defer lone.release()
		posted := browser.Posted()
		conn := greet(server, 0)
		for n := uint64(1); n <= 100; n++ {
			conn.Send(notes(n, n)...)
			conn.Send(sourcetest.Heartbeat(at(n)))
		}
		moment()
		if n := browser.Posted() - posted; n != 0 {
			t.Errorf("it posted %d messages to tabs that are not there", n)
		}

		late := connect(t, browser, server, 97)
		defer late.release()
		if n := server.Waiting(); n != 0 {
			t.Errorf("%d more connections were opened", n)
		}
		late.expect(t, 98, 99, 100)
		conn.Send(notes(101, 102)...)
		late.expect(t, 98, 99, 100, 101, 102)
	})
}

// A tab whose leader leaves asks the next one, which knows no other tab.
func TestLeaderThatInheritsPostsOnceItIsAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		browser := &tabstest.Browser{Rand: rand.New(rand.NewPCG(1, 2))}
		server := sourcetest.NewTransport()
		first := connect(t, browser, server, 0)
		greet(server, 0).Send(notes(1, 2)...)
		moment()
		clients := []*client{connect(t, browser, server, 0), connect(t, browser, server, 1)}
		first.release()
		moment()
		greet(server, 2).Send(notes(3, 4)...)
		clients[0].expect(t, 1, 2, 3, 4)
		clients[1].expect(t, 2, 3, 4)
		for _, c := range clients {
			c.release()
		}
		if n := server.Unreleased(); n != 0 {
			t.Errorf("%d connections are left", n)
		}
	})
}

// A tab that was beside others and is alone again is a lone tab.
func TestLeaderWhoseFollowersHaveGoneIsAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		browser := &tabstest.Browser{Rand: rand.New(rand.NewPCG(1, 2))}
		server := sourcetest.NewTransport()
		first := connect(t, browser, server, 0)
		greet(server, 0).Send(notes(1, 2)...)
		second := connect(t, browser, server, 0)
		first.release()
		moment()
		posted := browser.Posted()
		conn := greet(server, 2)
		for n := uint64(3); n <= 50; n++ {
			conn.Send(notes(n, n)...)
		}
		<-time.After(time.Minute)
		synctest.Wait()
		if n := browser.Posted() - posted; n != 0 {
			t.Errorf("it posted %d messages to tabs that are not there", n)
		}
		second.release()
	})
}
