package tabs_test

import (
	"math/rand/v2"
	"net/url"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/internal/tabs/tabstest"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

var whispered = event.Define[note]("tabs.whispered")

// on returns the frames of events of a topic.
func on(topic string, numbers ...uint64) (frames []transport.Frame) {
	for _, n := range numbers {
		frames = append(frames, sourcetest.EventOn(noted, event.Meta{ID: at(n), Topic: topic}, note{n}))
	}
	return frames
}

// A follower is one connection of a tab, with the words for what it was sent.
type follower struct {
	words   []string
	seq     uint64    // of the newest frame
	at      time.Time // of the newest
	release func()
}

// follow opens a connection of a new tab for topics, which resumes after number 1.
func follow(t *testing.T, browser *tabstest.Browser, server transport.Transport, names []string, topics string) *follower {
	t.Helper()
	f := &follower{}
	request := transport.Request{URL: "/events?after=" + at(1).String() + topics, Names: slices.Concat(wire.Names, names)}
	release, err := browser.NewTab().Share(server).Open(request, func(signals ...transport.Signal) {
		f.at = time.Now()
		for _, s := range signals {
			switch s.Kind {
			case transport.FrameArrived:
				id := s.Frame.Position()
				if id.Seq() <= f.seq && s.Frame.Hello() == nil && !s.Frame.Final() {
					continue // as a source does
				}
				f.seq = id.Seq()
				f.words = append(f.words, s.Frame.Name+" "+s.Frame.Data)
			case transport.ConnectionFailed:
				f.words = append(f.words, "failed")
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	f.release = release
	moment()
	return f
}

// events returns what has come but hellos and heartbeats.
func (f *follower) events() []string {
	moment()
	return slices.DeleteFunc(slices.Clone(f.words), func(s string) bool {
		return s[:min(len(s), 5)] == "hello" || s[:min(len(s), 9)] == "heartbeat"
	})
}

func (f *follower) expect(t *testing.T, want ...string) {
	t.Helper()
	if got := f.events(); !slices.Equal(got, want) {
		t.Errorf("it was sent %q, want %q", got, want)
	}
}

// topicsOf returns the topics that a connection asks for.
func topicsOf(c *sourcetest.Conn) string {
	text := ""
	for _, topic := range []string{"a", "b", "c"} {
		if asks(c, topic) {
			text += topic
		}
	}
	return text
}

// inBrowser runs a test with a browser and a server in a bubble.
func inBrowser(t *testing.T, test func(t *testing.T, browser *tabstest.Browser, server *sourcetest.Transport)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		server := sourcetest.NewTransport()
		test(t, &tabstest.Browser{Rand: rand.New(rand.NewPCG(1, 2))}, server)
		if n := server.Unreleased(); n != 0 {
			t.Errorf("%d connections are left", n)
		}
	})
}

// begin greets the next connection, which must be of these topics.
func begin(t *testing.T, server *sourcetest.Transport, topics string, after uint64) *sourcetest.Conn {
	t.Helper()
	moment()
	if server.Waiting() == 0 {
		t.Fatalf("there is no connection of %s", topics)
	}
	c := greet(server, after)
	if got := topicsOf(c); got != topics {
		t.Errorf("a connection is of the topics %q, want %q", got, topics)
	}
	return c
}

var plainNames = []string{noted.Name()}

// share opens a tab of topic a and one of topic b and returns their one connection.
func share(t *testing.T, browser *tabstest.Browser, server *sourcetest.Transport) (a, b *follower, both *sourcetest.Conn) {
	t.Helper()
	a = follow(t, browser, server, plainNames, "&topic=a")
	first := begin(t, server, "a", 1)
	first.Send(on("a", 2)...)
	b = follow(t, browser, server, plainNames, "&topic=b")
	own := begin(t, server, "b", 1)
	own.Send(on("b", 3)...)
	<-time.After(time.Second)
	both = begin(t, server, "ab", 2)
	both.Send(slices.Concat(on("b", 3), on("a", 4), on("b", 5))...)
	own.Send(on("b", 5)...)
	moment()
	if !gone(first) || !gone(own) || gone(both) {
		t.Fatalf("released are the first %v, the follower's own %v, that of both %v", gone(first), gone(own), gone(both))
	}
	return a, b, both
}

func gone(c *sourcetest.Conn) bool {
	select {
	case <-c.Released():
		return true
	default:
		return false
	}
}

func TestTabsOfDifferentTopicsShareOneConnection(t *testing.T) {
	inBrowser(t, func(t *testing.T, browser *tabstest.Browser, server *sourcetest.Transport) {
		a, b, both := share(t, browser, server)
		both.Send(slices.Concat(on("a", 6), on("b", 7), on("a", 8))...)
		a.expect(t, `tabs.noted {"N":2}`, `tabs.noted {"N":4}`, `tabs.noted {"N":6}`, `tabs.noted {"N":8}`)
		b.expect(t, `tabs.noted {"N":3}`, `tabs.noted {"N":5}`, `tabs.noted {"N":7}`)
		late := follow(t, browser, server, plainNames, "&topic=b") // has all but the newest
		late.expect(t)
		begin(t, server, "b", 1).Send(append(on("b", 3, 5, 7), sourcetest.Heartbeat(at(8)))...)
		moment()
		if n := server.Unreleased(); n != 1 {
			t.Errorf("%d connections are open", n)
		}
		a.release()
		begin(t, server, "b", 8).Send(on("b", 9)...)
		b.expect(t, `tabs.noted {"N":3}`, `tabs.noted {"N":5}`, `tabs.noted {"N":7}`, `tabs.noted {"N":9}`)
		late.expect(t, `tabs.noted {"N":3}`, `tabs.noted {"N":5}`, `tabs.noted {"N":7}`, `tabs.noted {"N":9}`)
		b.release()
		late.release()
	})
}

// What the leader posted before its connection became wider lacks the new topics' events.
// A tab that stands between those must not take it for all there is.
func TestWiderConnectionMakesNoGapForATabOnTheWay(t *testing.T) {
	inBrowser(t, func(t *testing.T, browser *tabstest.Browser, server *sourcetest.Transport) {
		a := follow(t, browser, server, plainNames, "&topic=a")
		begin(t, server, "a", 1).Send(on("a", 2, 3, 5)...)
		both := follow(t, browser, server, plainNames, "&topic=a&topic=b")
		own := begin(t, server, "ab", 1)
		own.Send(on("a", 2, 3)...)
		<-time.After(time.Second)
		wider := begin(t, server, "ab", 5)
		own.Send(slices.Concat(on("b", 4), on("a", 5))...)
		moment()
		wider.Send(on("b", 6)...)
		both.expect(t, `tabs.noted {"N":2}`, `tabs.noted {"N":3}`, `tabs.noted {"N":4}`, `tabs.noted {"N":5}`, `tabs.noted {"N":6}`)
		if !gone(own) {
			t.Error("it still has a connection of its own")
		}
		a.release()
		both.release()
	})
}

// A tab that did not get the message about a wider connection cannot judge what comes by
// it. It has to ask, however busy the leader is.
func TestTabThatMissedTheWiderConnectionJoinsABusyLeader(t *testing.T) {
	inBrowser(t, func(t *testing.T, browser *tabstest.Browser, server *sourcetest.Transport) {
		a := follow(t, browser, server, plainNames, "&topic=a")
		begin(t, server, "a", 1)
		b := follow(t, browser, server, plainNames, "&topic=b")
		own := begin(t, server, "b", 1)
		browser.Loses = 1
		<-time.After(time.Second)
		both := begin(t, server, "ab", 1)
		browser.Behave()
		for n := uint64(2); n < 20; n++ {
			both.Send(on("a", n)...)
			own.Send(sourcetest.Heartbeat(at(n)))
			<-time.After(time.Second)
		}
		if !gone(own) {
			t.Error("it still has a connection of its own")
		}
		a.release()
		b.release()
	})
}

// A tab whose topics are quiet would be silent beside a busy one, and its position old.
func TestTabOfAQuietTopicGetsHeartbeatsBesideABusyOne(t *testing.T) {
	inBrowser(t, func(t *testing.T, browser *tabstest.Browser, server *sourcetest.Transport) {
		a, b, both := share(t, browser, server)
		quiet, n := time.Duration(0), uint64(6)
		for range 200 {
			both.Send(on("a", n)...)
			n++
			moment()
			quiet = max(quiet, time.Since(b.at))
		}
		if last := b.words[len(b.words)-1]; quiet > 10*time.Second || len(b.events()) != 2 || last == `tabs.noted {"N":5}` {
			t.Errorf("it was sent nothing for %v, and last %s", quiet, last)
		}
		if len(a.events()) != 202 {
			t.Errorf("the busy tab was sent %d events", len(a.events()))
		}
		a.release()
		b.release()
	})
}

// Pages that listen for other events could share topics and miss them.
func TestTabsThatListenForOtherNamesShareOneConnection(t *testing.T) {
	inBrowser(t, func(t *testing.T, browser *tabstest.Browser, server *sourcetest.Transport) {
		a := follow(t, browser, server, plainNames, "&topic=a")
		begin(t, server, "a", 1)
		b := follow(t, browser, server, []string{whispered.Name()}, "&topic=a")
		begin(t, server, "a", 1).Send(sourcetest.Heartbeat(at(1)))
		<-time.After(time.Second)
		both := begin(t, server, "a", 1)
		if !slices.Contains(both.Request.Names, noted.Name()) || !slices.Contains(both.Request.Names, whispered.Name()) {
			t.Errorf("the connection listens for %q", both.Request.Names)
		}
		both.Send(sourcetest.EventOn(noted, event.Meta{ID: at(2), Topic: "a"}, note{2}), sourcetest.EventOn(whispered, event.Meta{ID: at(3), Topic: "a"}, note{3}))
		a.expect(t, `tabs.noted {"N":2}`)
		b.expect(t, `tabs.whispered {"N":3}`)
		a.release()
		b.release()
	})
}

func TestTopicThatIsRefusedLeavesTheOtherTabsAsTheyAre(t *testing.T) {
	forbidden := sourcetest.Fault(wire.Fault{Error: *fault.New(fault.Forbidden, "not you")})
	inBrowser(t, func(t *testing.T, browser *tabstest.Browser, server *sourcetest.Transport) {
		a, b, both := share(t, browser, server)
		c := follow(t, browser, server, plainNames, "&topic=c")
		server.Next().Send(forbidden)
		c.expect(t, `fault {"code":"forbidden","message":"not you","retry_ms":0}`)
		<-time.After(time.Second)
		if server.Waiting() > 0 {
			begin(t, server, "abc", 5).Send(forbidden)
		}
		both.Send(slices.Concat(on("a", 6), on("b", 7))...)
		a.expect(t, `tabs.noted {"N":2}`, `tabs.noted {"N":4}`, `tabs.noted {"N":6}`)
		b.expect(t, `tabs.noted {"N":3}`, `tabs.noted {"N":5}`, `tabs.noted {"N":7}`)
		for _, f := range []*follower{a, b, c} {
			f.release()
		}
	})
	inBrowser(t, func(t *testing.T, browser *tabstest.Browser, server *sourcetest.Transport) {
		a, b, both := share(t, browser, server)
		both.Send(forbidden) // the rights to one of the two have ended: each asks for its own
		a.expect(t, `tabs.noted {"N":2}`, `tabs.noted {"N":4}`, "failed")
		b.expect(t, `tabs.noted {"N":3}`, `tabs.noted {"N":5}`, "failed")
		a.release()
		b.release()
	})
}

// One that the server does not give is tried again, and not often.
func TestWantThatFailsIsTriedAgainAfterAMinute(t *testing.T) {
	inBrowser(t, func(t *testing.T, browser *tabstest.Browser, server *sourcetest.Transport) {
		a := follow(t, browser, server, plainNames, "&topic=a")
		first := begin(t, server, "a", 1)
		b := follow(t, browser, server, plainNames, "&topic=b")
		own := begin(t, server, "b", 1)
		var waits []time.Duration
		for began := time.Now(); len(waits) < 3; {
			<-time.After(time.Second)
			first.Send(sourcetest.Heartbeat(at(1)))
			own.Send(sourcetest.Heartbeat(at(1)))
			moment()
			if server.Waiting() > 0 {
				waits = append(waits, time.Since(began).Truncate(time.Second))
				server.Next().Break()
				began = time.Now()
			}
		}
		if waits[0] > 3*time.Second || waits[1] < time.Minute || waits[2] < 2*time.Minute || waits[2] > 4*time.Minute {
			t.Errorf("it was tried after %v", waits)
		}
		if gone(first) || gone(own) {
			t.Error("a connection that worked was given up")
		}
		a.release()
		b.release()
	})
}

func asks(c *sourcetest.Conn, topic string) bool {
	u, err := url.Parse(c.Request.URL)
	return err == nil && slices.Contains(u.Query()["topic"], topic)
}

// A tab that has gone is in the list of its topic as long as the connection has that.
func TestTopicOfATabThatHasGoneIsFollowedNoLonger(t *testing.T) {
	inBrowser(t, func(t *testing.T, browser *tabstest.Browser, server *sourcetest.Transport) {
		a, b, both := share(t, browser, server)
		b.release()
		<-time.After(4 * time.Second) // as a page that is loaded again
		b = follow(t, browser, server, plainNames, "&topic=b")
		begin(t, server, "b", 1).Send(on("b", 3, 5)...)
		<-time.After(4 * time.Second)
		if n := server.Waiting(); n > 0 || gone(both) {
			t.Errorf("%d connections are opened for a tab that came back, of both is gone: %v", n, gone(both))
		}
		b.release()
		<-time.After(6 * time.Second)
		one := begin(t, server, "a", 5)
		both.Send(on("a", 6)...)
		moment()
		if n := server.Unreleased(); n != 1 || !gone(both) {
			t.Errorf("%d connections are open, of both is gone: %v", n, gone(both))
		}
		one.Send(on("a", 6, 7)...)
		a.expect(t, `tabs.noted {"N":2}`, `tabs.noted {"N":4}`, `tabs.noted {"N":6}`, `tabs.noted {"N":7}`)
		late := follow(t, browser, server, plainNames, "&topic=a")
		begin(t, server, "a", 1).Send(on("a", 2, 4, 6, 7)...)
		one.Send(on("a", 8)...)
		late.expect(t, `tabs.noted {"N":2}`, `tabs.noted {"N":4}`, `tabs.noted {"N":6}`, `tabs.noted {"N":7}`, `tabs.noted {"N":8}`)
		a.release()
		late.release()
	})
}
