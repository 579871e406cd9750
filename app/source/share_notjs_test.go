//go:build !js

package source_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/internal/tabs/tabstest"
	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

// A family is the tabs of one browser, and their server.
type family struct {
	t       *testing.T
	browser *tabstest.Browser
	server  *sourcetest.Transport
	pages   []*page
}

// inFamily runs a test in a bubble. What takes a browser's tabs a moment has
// happened after aMoment.
func inFamily(t *testing.T, test func(t *testing.T, f *family)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f := &family{t: t, browser: &tabstest.Browser{Rand: rand.New(rand.NewPCG(1, 2))}, server: sourcetest.NewTransport()}
		defer func() {
			for _, p := range f.pages {
				p.Close()
				<-p.Done()
			}
			if n := f.server.Unreleased(); n != 0 {
				t.Errorf("%d connections are still open", n)
			}
		}()
		test(t, f)
	})
}

// open opens a tab on a page.
func (f *family) open(after event.ID) (*page, *tabstest.Tab) {
	f.t.Helper()
	tab := f.browser.NewTab()
	return f.openIn(tab, after), tab
}

func (f *family) openIn(tab *tabstest.Tab, after event.ID) *page {
	f.t.Helper()
	p := newPage(source.Options{After: after, Last: 9, Transport: tab.Share(f.server)})
	if err := p.Start(); err != nil {
		f.t.Fatal(err)
	}
	f.pages = append(f.pages, p)
	aMoment()
	return p
}

func aMoment() {
	<-time.After(200 * time.Millisecond)
	synctest.Wait() // which, unlike the clock, orders what happened before
}

// hello is one of a server whose heartbeat interval is 15 s.
func hello(mode wire.Mode, at event.ID) transport.Frame {
	return sourcetest.HelloFrom(wire.Hello{Epoch: "e1", Mode: mode, Heartbeat: 15_000}, at)
}

// next greets the next connection, which must resume after a position.
func (f *family) next(after event.ID, frames ...transport.Frame) *sourcetest.Conn {
	f.t.Helper()
	conn := f.waiting()
	if got := query(f.t, conn).Get("after"); got != after.String() {
		f.t.Errorf("the connection asks for what is after %q, want %v", got, after)
	}
	conn.Send(append([]transport.Frame{hello(wire.Resumed, after)}, frames...)...)
	aMoment()
	return conn
}

// waiting returns the next connection, which must be there.
func (f *family) waiting() *sourcetest.Conn {
	f.t.Helper()
	aMoment()
	if n := f.server.Waiting(); n != 1 {
		f.t.Fatalf("%d connections were opened, want 1", n)
	}
	return f.server.Next()
}

// alone fails the test if a connection was opened besides those that are known.
func (f *family) alone() {
	f.t.Helper()
	aMoment()
	if n := f.server.Waiting(); n != 0 {
		f.t.Errorf("%d more connections were opened", n)
	}
}

func TestTabsAreOnTheirOwnWhereNothingCanBeShared(t *testing.T) {
	inBubble(t, source.Options{Share: source.ShareAlways}, func(t *testing.T, p *page) {
		p.live(wire.Live, at(0)).Send(notes(1, 1)...)
		p.expect(t, "connecting", "live", "1", "batch")
	})
}

// What a new tab lacks it gets from the leader.
func TestTabThatIsALittleBehindNeedsNoConnection(t *testing.T) {
	inFamily(t, func(t *testing.T, f *family) {
		f.open(at(2))
		conn := f.next(at(2), notes(3, 5)...)
		for _, after := range []uint64{2, 4, 5} {
			p, _ := f.open(at(after))
			p.expectPosition(t, at(5))
			p.read()
		}
		f.alone()
		conn.Send(notes(6, 6)...)
		aMoment()
		for _, p := range f.pages {
			p.expectPosition(t, at(6))
			if s := p.last(t); s.Phase != source.Live || s.ReadyState != transport.ReadyOpen {
				t.Errorf("the state is %+v", s)
			}
		}
	})
}

// What the leader does not have, the server gives: on a connection that ends as
// soon as the gap is closed. What the leader says meanwhile is not lost.
func TestTabThatIsFarBehindCatchesUp(t *testing.T) {
	for _, c := range []struct {
		name  string
		after event.ID
	}{
		{"behind the leader's beginning", at(1)},
		{"without a position", event.ID{}},
		{"at an id that is not the leader's", event.NewID("e1", 5, "another event of that number")},
		{"of another log", elsewhere(5)},
	} {
		t.Run(c.name, func(t *testing.T) {
			inFamily(t, func(t *testing.T, f *family) {
				f.open(at(3))
				conn := f.next(at(3), notes(4, 6)...)
				p, _ := f.open(c.after)
				own := f.waiting()
				if got := query(t, own).Get("after"); got != c.after.String() {
					t.Errorf("asks for what is after %q, want %v", got, c.after)
				}
				conn.Send(notes(7, 8)...)
				aMoment()
				p.read()
				own.Send(hello(wire.Reset, event.ID{}), sourcetest.Reset(at(1), wire.Purged))
				own.Send(notes(2, 5)...)
				aMoment()
				if released(own) {
					t.Error("the connection ended before the gap was closed")
				}
				own.Send(notes(6, 6)...)
				aMoment()
				if !released(own) {
					t.Error("the connection goes on")
				}
				conn.Send(notes(9, 9)...)
				aMoment()
				got := slices.DeleteFunc(p.read(), func(s string) bool { return s == "batch" })
				if want := []string{"live", "reset purged", "2", "3", "4", "5", "6", "7", "8", "9"}; !slices.Equal(got, want) {
					t.Errorf("the page was told %q, want %q", got, want)
				}
			})
		})
	}
}

// The leader of a moment ago had said more than the one who follows it.
func TestLeaderThatIsBehindIsWaitedFor(t *testing.T) {
	inFamily(t, func(t *testing.T, f *family) {
		f.open(at(3))
		conn := f.next(at(3))
		p, _ := f.open(at(5))
		conn.Send(notes(4, 6)...)
		aMoment()
		f.alone()
		p.expect(t, "connecting", "connecting", "live", "6", "batch")
	})
}

func TestLeaderIsNotWaitedForLong(t *testing.T) {
	inFamily(t, func(t *testing.T, f *family) {
		f.open(at(3))
		f.next(at(3))
		p, _ := f.open(at(5))
		<-time.After(time.Second)
		f.next(at(5))
		p.expect(t, "connecting", "live")
	})
}

func TestNewLeaderContinuesUnnoticed(t *testing.T) {
	for _, c := range []struct {
		name string
		go_  func(p *page, tab *tabstest.Tab)
	}{
		{"when the leader closes", func(p *page, _ *tabstest.Tab) { p.Close() }},
		{"when it crashes", func(_ *page, tab *tabstest.Tab) { tab.Crash() }},
	} {
		t.Run(c.name, func(t *testing.T) {
			inFamily(t, func(t *testing.T, f *family) {
				p, tab := f.open(at(3))
				f.next(at(3), notes(4, 4)...)
				f.open(at(3))
				f.open(at(4))
				for _, p := range f.pages {
					p.read()
				}
				c.go_(p, tab)
				f.next(at(4), notes(5, 5)...)
				f.alone()
				for _, p := range f.pages[1:] {
					p.expect(t, "5", "batch")
				}
			})
		})
	}
}

// Before the others would call themselves stale, after 2.5 heartbeat intervals, one of them
// has taken the lock away. The old leader, when it wakes, joins them.
func TestLeaderThatHangsIsReplaced(t *testing.T) {
	inFamily(t, func(t *testing.T, f *family) {
		old, tab := f.open(at(3))
		lost := f.next(at(3), notes(4, 4)...)
		for range 3 {
			f.open(at(4))
		}
		<-time.After(10 * time.Second) // until all are healthy
		for _, p := range f.pages {
			p.read()
		}
		lost.Send(sourcetest.Heartbeat(at(4)))
		tab.Hang()
		<-time.After(22 * time.Second)
		f.alone()
		<-time.After(10 * time.Second)
		conn := f.next(at(4), notes(5, 5)...)
		for _, p := range f.pages[1:] {
			p.expect(t, "5", "batch")
		}
		lost.Send(notes(5, 6)...) // still on the way when it wakes
		tab.Wake()
		aMoment()
		if !released(lost) {
			t.Error("the old leader keeps its connection")
		}
		conn.Send(notes(6, 7)...)
		aMoment()
		f.alone()
		old.expectPosition(t, at(7))
	})
}

// A tab that finds nobody but a sleeper does not wait as long as for a server.
func TestTabThatOpensBesideASleeper(t *testing.T) {
	inFamily(t, func(t *testing.T, f *family) {
		_, tab := f.open(at(3))
		f.next(at(3))
		tab.Hang()
		p, _ := f.open(at(3))
		<-time.After(5 * time.Second)
		f.next(at(3))
		p.expect(t, "connecting", "live")
		tab.Wake()
	})
}

// Each source deals with the end of the one connection as if it had been its
// own, and the first to come back leads.
func TestEndReachesAllTabs(t *testing.T) {
	refusal := fault.New(fault.Unauthenticated, "log in")
	for _, c := range []struct {
		name string
		end  func(conn *sourcetest.Conn)
		ok   func(s source.State) bool
	}{
		{"a break", func(conn *sourcetest.Conn) { conn.Break() }, func(s source.State) bool {
			return s.Phase == source.Waiting && s.ReadyState == transport.ReadyConnecting
		}},
		{"no stream", func(conn *sourcetest.Conn) { conn.Reject() }, func(s source.State) bool {
			return s.Phase == source.Waiting && s.ReadyState == transport.ReadyClosed
		}},
		{"a bye", func(conn *sourcetest.Conn) { conn.Send(sourcetest.Bye(wire.Bye{Retry: 60_000})) }, func(s source.State) bool {
			return s.Phase == source.Waiting && s.Reason.Bye != nil && time.Until(s.Until) > 50*time.Second
		}},
		{"a refusal", func(conn *sourcetest.Conn) { conn.Send(sourcetest.Fault(wire.Fault{Error: *refusal})) }, func(s source.State) bool {
			return s.Reason.Fault != nil && *s.Reason.Fault == *refusal
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			inFamily(t, func(t *testing.T, f *family) {
				f.open(at(3))
				conn := f.next(at(3), notes(4, 4)...)
				f.open(at(4))
				f.open(at(2)) // has not joined yet
				c.end(conn)
				<-time.After(100 * time.Millisecond) // the first to come back does so after 250
				for i, p := range f.pages {
					if s := p.last(t); !c.ok(s) {
						t.Errorf("page %d is %+v", i, s)
					}
				}
			})
		})
	}
}

// A connection cannot be opened: the followers learn why.
func TestLeaderThatCannotConnect(t *testing.T) {
	inFamily(t, func(t *testing.T, f *family) {
		f.server.Refuse(errors.New("no route"))
		f.open(at(3))
		p, _ := f.open(at(3))
		if s := p.last(t); s.Phase != source.Waiting && s.Phase != source.Connecting || s.Attempt == 0 {
			t.Errorf("the state is %+v", s)
		}
		<-time.After(time.Minute)
		if s := p.last(t); s.Reason.Text != "" && s.Reason.Text != "no route" {
			t.Errorf("the state is %+v", s)
		}
		f.server.Refuse(nil)
		<-time.After(time.Minute)
	})
}

// A reset is about the leader's position. The others ask for themselves.
func TestResetOfTheLeaderIsNotTheOthers(t *testing.T) {
	inFamily(t, func(t *testing.T, f *family) {
		leader, _ := f.open(at(3))
		conn := f.next(at(3), notes(4, 5)...)
		p, _ := f.open(at(5))
		leader.read()
		p.read()
		conn.Send(append([]transport.Frame{sourcetest.Reset(at(1), wire.Purged)}, notes(2, 3)...)...)
		aMoment()
		leader.expect(t, "reset purged", "2", "3", "batch")
		<-time.After(time.Second) // for which the leader was waited for
		own := f.next(at(5), notes(6, 6)...)
		conn.Send(notes(4, 7)...)
		aMoment()
		if !released(own) {
			t.Error("the follower stays on its own")
		}
		got := slices.DeleteFunc(p.read(), func(s string) bool { return s == "batch" })
		if !slices.Equal(got, []string{"6", "7"}) {
			t.Errorf("the follower was told %q", got)
		}
	})
}

// A log was replaced under the leader's stream. Who has the new one's position
// is greeted in its name.
func TestFollowerInTheNewLog(t *testing.T) {
	inFamily(t, func(t *testing.T, f *family) {
		f.open(at(3))
		conn := f.next(at(3))
		conn.Send(sourcetest.Reset(elsewhere(1), wire.Replaced), sourcetest.Event(noted, elsewhere(2), note{2}))
		p, _ := f.open(elsewhere(1))
		f.alone()
		p.expect(t, "connecting", "connecting", "live", "2", "batch")
	})
}

// A browser may have locks and not give them, as to a page without storage.
func TestTabThatGetsNoLockIsOnItsOwn(t *testing.T) {
	inFamily(t, func(t *testing.T, f *family) {
		f.open(at(3))
		f.next(at(3))
		tab := f.browser.NewTab()
		tab.NoLocks = true
		p := f.openIn(tab, at(1))
		f.next(at(1), notes(2, 2)...)
		p.expect(t, "connecting", "live", "2", "batch")
	})
}
