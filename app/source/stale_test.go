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

// liveWithHeartbeats brings the page to Live on a stream that promises heartbeats.
func (p *page) liveWithHeartbeats(every time.Duration, mode wire.Mode, from event.ID) *sourcetest.Conn {
	conn := p.server.Next()
	conn.Send(sourcetest.HelloFrom(wire.Hello{
		Epoch: from.Epoch(), Mode: mode, Heartbeat: int(every.Milliseconds())}, from))
	synctest.Wait()
	return conn
}

// heartbeat is the heartbeat interval of most streams here.
const heartbeat = 15 * time.Second

func TestSilentStreamIsStale(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		conn := p.liveWithHeartbeats(heartbeat, wire.Live, at(1))
		<-time.After(37*time.Second + 499*time.Millisecond)
		if s := p.last(t); s.Phase != source.Live {
			t.Fatalf("after 37.499 s the state is %+v", s)
		}
		<-time.After(time.Millisecond)
		s := p.last(t)
		if s.Phase != source.Stale || s.Attempt != 1 || s.Reason.Text != "the stream fell silent" {
			t.Errorf("after 37.5 s the state is %+v", s)
		}
		if !released(conn) {
			t.Error("the silent connection was not released")
		}
		if n := p.server.Opened(); n != 2 {
			t.Errorf("%d connections, want a second one at once", n)
		}
		p.read()
		next := p.server.Next()
		next.Accept()
		next.Send(sourcetest.Hello(wire.Resumed, at(1)))
		p.expect(t, "stale", "live")
	})
}

// A frame of any kind is a sign of life, also one that the page has seen.
func TestSilenceIsBrokenByAFrame(t *testing.T) {
	for _, c := range []struct {
		name  string
		frame transport.Frame
	}{
		{"an event", notes(2, 2)[0]},
		{"a heartbeat", sourcetest.Heartbeat(at(1))},
		{"a heartbeat without an id", transport.Frame{Name: wire.HeartbeatName}},
		{"an event seen before", notes(1, 1)[0]},
		{"a frame that cannot be understood", transport.Frame{Name: noted.Name(), Data: "{", LastEventID: at(2).String()}},
		{"a hello", sourcetest.HelloFrom(wire.Hello{Epoch: "e1", Mode: wire.Resumed, Heartbeat: 15000}, at(1))},
		{"a reset", sourcetest.Reset(at(0), wire.Purged)},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, source.Options{}, func(t *testing.T, p *page) {
				conn := p.liveWithHeartbeats(heartbeat, wire.Live, at(1))
				for range 10 {
					<-time.After(37 * time.Second)
					conn.Send(c.frame)
					synctest.Wait()
				}
				if s := p.last(t); s.Phase != source.Live {
					t.Errorf("the state is %+v", s)
				}
				<-time.After(38 * time.Second)
				if s := p.last(t); s.Phase != source.Stale {
					t.Errorf("in the end the state is %+v", s)
				}
			})
		})
	}
}

func TestServerMayBeSilentForTheTimeout(t *testing.T) {
	for _, c := range []struct {
		name        string
		heartbeat   time.Duration
		alive, gone time.Duration
	}{
		{"two and a half heartbeats", 4 * time.Second, 9999 * time.Millisecond, 10 * time.Second},
		{"a second at least", time.Millisecond, 999 * time.Millisecond, time.Second},
		{"as it likes, without a promise", 0, 24 * time.Hour, 0},
		{"as it likes, after nonsense", -time.Second, 24 * time.Hour, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, source.Options{}, func(t *testing.T, p *page) {
				p.liveWithHeartbeats(c.heartbeat, wire.Live, at(1))
				<-time.After(c.alive)
				if s := p.last(t); s.Phase != source.Live {
					t.Errorf("after %v the state is %+v", c.alive, s)
				}
				if c.gone == 0 {
					return
				}
				<-time.After(c.gone - c.alive)
				if s := p.last(t); s.Phase != source.Stale {
					t.Errorf("after %v the state is %+v", c.gone, s)
				}
			})
		})
	}
}

// The laptop sleeps for an hour, in which only the wall clock goes on.
func TestSleepIsNoticed(t *testing.T) {
	for _, c := range []struct {
		name string
		wake func(*page)
		took time.Duration
	}{
		{"by itself", func(*page) {}, 5 * time.Second},
		{"when the page is seen", func(p *page) { p.browser.Show() }, 0},
		{"when the page is thawed", func(p *page) { p.browser.PageEvent(source.Resume) }, 0},
		{"when the page is shown", func(p *page) { p.browser.PageEvent(source.PageShow) }, 0},
		{"when the network comes", func(p *page) { p.browser.GoOnline() }, 0},
		{"when somebody turns to it", func(p *page) { p.browser.PageEvent(source.Focus) }, 0},
		{"even if it is hidden", func(p *page) { p.browser.Hide() }, 0},
		{"even if the network goes", func(p *page) { p.browser.GoOffline() }, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, source.Options{}, func(t *testing.T, p *page) {
				old := p.liveWithHeartbeats(heartbeat, wire.Live, at(1))
				<-time.After(12 * time.Second)
				p.browser.Sleep(time.Hour)
				woke := time.Now()
				c.wake(p)
				p.server.Next()
				if d := time.Since(woke); d > c.took {
					t.Errorf("the next try came %v after the sleep, want %v at most", d, c.took)
				}
				if s := p.last(t); s.Phase != source.Stale {
					t.Errorf("the state is %+v", s)
				}
				if !released(old) {
					t.Error("the old connection was not released")
				}
			})
		})
	}
}

// Frames that have arrived while the page was busy are no silence.
func TestBusyPageIsNotStale(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		p.onNote = func(n uint64) {
			if n == 1 {
				<-time.After(time.Minute)
			}
		}
		conn := p.liveWithHeartbeats(heartbeat, wire.Live, at(0))
		conn.Send(notes(1, 1)...)
		synctest.Wait()
		conn.Send(notes(2, 2)...)
		<-time.After(time.Minute)
		if s := p.last(t); s.Phase != source.Live || s.Position != at(2) {
			t.Errorf("the state is %+v", s)
		}
	})
}

// Without a sleep a wall clock that is set forward costs a connection. One that
// is set back must not make the source wait for it.
func TestClockThatIsSetBack(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		p.liveWithHeartbeats(heartbeat, wire.Live, at(1))
		p.browser.Sleep(-24 * time.Hour)
		<-time.After(38 * time.Second)
		if s := p.last(t); s.Phase != source.Stale {
			t.Errorf("the state is %+v", s)
		}
		p.server.Next().Break()
		synctest.Wait()
		p.browser.Sleep(-24 * time.Hour)
		failed := time.Now()
		p.server.Next()
		if d := time.Since(failed); d > 30*time.Second {
			t.Errorf("the next try came after %v", d)
		}
	})
}

// A wait that a sleep has outlasted is over.
func TestSleepEndsAWait(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		p.server.Next().Send(sourcetest.Bye(wire.Bye{Retry: 60_000}))
		synctest.Wait()
		p.browser.Sleep(time.Hour)
		woke := time.Now()
		p.server.Next()
		if d := time.Since(woke); d > 5*time.Second {
			t.Errorf("the next try came %v after the sleep", d)
		}
	})
}

func TestTryOfAStalePageFails(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		p.liveWithHeartbeats(heartbeat, wire.Live, at(1))
		<-time.After(38 * time.Second)
		p.server.Next().Break()
		if s := p.last(t); s.Phase != source.Waiting || s.Attempt != 2 {
			t.Errorf("the state is %+v", s)
		}
	})
}

func TestTryOfAStalePageHangs(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		p.liveWithHeartbeats(heartbeat, wire.Live, at(1))
		<-time.After(38 * time.Second)
		p.server.Next()
		<-time.After(5 * time.Second)
		p.RetryNow() // a person does not like to wait
		p.server.Next()
		if s := p.last(t); s.Phase != source.Stale || s.Attempt != 1 || p.server.Unreleased() != 1 {
			t.Errorf("the state is %+v, with %d connections", s, p.server.Unreleased())
		}
		<-time.After(10 * time.Second)
		if s := p.last(t); s.Phase != source.Waiting {
			t.Errorf("the state is %+v", s)
		}
	})
}
