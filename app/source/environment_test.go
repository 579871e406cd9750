package source_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/shared/wire"
)

// longWait brings the page to a wait of about a minute that no server asked for.
func longWait(t *testing.T, p *page) source.State {
	t.Helper()
	p.fail(7)
	s := p.last(t)
	if d := time.Until(s.Until); d < 10*time.Second {
		t.Fatalf("the page waits only %v", d)
	}
	return s
}

func TestTryIsBroughtForward(t *testing.T) {
	for _, c := range []struct {
		name    string
		do      func(*page)
		forward bool
	}{
		{"visible", func(p *page) { p.browser.Show() }, true},
		{"thawed", func(p *page) { p.browser.PageEvent(source.Resume) }, true},
		{"shown", func(p *page) { p.browser.PageEvent(source.PageShow) }, true},
		{"online", func(p *page) { p.browser.GoOnline() }, true},
		{"focus", func(p *page) { p.browser.PageEvent(source.Focus) }, true},
		{"hidden", func(p *page) { p.browser.Hide() }, false},
		{"unknown", func(p *page) { p.browser.PageEvent("offline") }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, source.Options{}, func(t *testing.T, p *page) {
				waiting := longWait(t, p)
				came := time.Now()
				c.do(p)
				synctest.Wait()
				want := waiting.Until
				if c.forward {
					want = came.Add(100 * time.Millisecond) // half of the spread
				}
				s := p.last(t)
				if s.Phase != source.Waiting || s.Until.Sub(want).Abs() > time.Millisecond || s.Attempt != waiting.Attempt {
					t.Errorf("the state is %+v, want a try at %v", s, want)
				}
				p.server.Next()
				if now := time.Now(); now.Sub(want).Abs() > time.Millisecond {
					t.Errorf("the try came at %v, want %v", now, want)
				}
			})
		})
	}
}

// A person who looks at the page again and again must not make its waits longer.
func TestTryThatWasBroughtForwardDoesNotCount(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		waiting := longWait(t, p)
		for range 5 {
			p.browser.Show()
			synctest.Wait()
			p.fail(1)
		}
		if s := p.last(t); s.Attempt != waiting.Attempt {
			t.Errorf("the state is %+v, want attempt %d", s, waiting.Attempt)
		}
		p.fail(1) // the timer's own counts
		if s := p.last(t); s.Attempt != waiting.Attempt+1 {
			t.Errorf("the state is %+v, want attempt %d", s, waiting.Attempt+1)
		}
	})
}

// Nor does a success leave anything of it behind.
func TestTryThatWasBroughtForwardSucceeds(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		waiting := longWait(t, p)
		p.browser.Show()
		p.live(wire.Live, at(1)).Break()
		if s := p.last(t); s.Attempt != waiting.Attempt+1 {
			t.Errorf("the state is %+v, want attempt %d", s, waiting.Attempt+1)
		}
	})
}

// What a server asked for is kept by everything but a person's click.
func TestPageEventKeepsToTheServersFloor(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		p.server.Next().Send(sourcetest.Bye(wire.Bye{Retry: 20_000}))
		synctest.Wait()
		ended := time.Now()
		p.browser.GoOffline()
		synctest.Wait()
		p.browser.GoOnline()
		p.server.Next()
		if d := time.Since(ended); d != 20*time.Second {
			t.Errorf("the next try came after %v, want 20s", d)
		}
	})
}

func TestPageEventDoesNotPutATryOff(t *testing.T) {
	inBubble(t, source.Options{Rand: func() float64 { return 0.01 }}, func(t *testing.T, p *page) {
		p.server.Next().Break()
		until := p.last(t).Until // in 10 ms; the spread's hundredth is 2 ms
		<-time.After(9 * time.Millisecond)
		p.browser.Show()
		if s := p.last(t); s.Until != until {
			t.Errorf("the state is %+v, want a try at %v", s, until)
		}
	})
}

// In these phases there is nothing to bring forward.
func TestPageEventsThatChangeNothing(t *testing.T) {
	for _, c := range []struct {
		name  string
		reach func(*page)
	}{
		{"connecting", func(*page) {}},
		{"live", func(p *page) { p.live(wire.Live, at(1)) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, source.Options{}, func(t *testing.T, p *page) {
				c.reach(p)
				p.read()
				p.browser.GoOnline()
				p.browser.Show()
				p.browser.PageEvent(source.Resume)
				p.browser.PageEvent(source.PageShow)
				p.browser.PageEvent(source.Focus)
				p.browser.Hide()
				p.browser.GoOffline()
				p.expect(t)
				if n := p.server.Opened(); n != 1 {
					t.Errorf("%d connections", n)
				}
			})
		})
	}
}

func TestPageWithoutANetworkIsOffline(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		conn := p.live(wire.Live, at(1))
		p.browser.GoOffline()
		if s := p.last(t); s.Phase != source.Live {
			t.Errorf("while the stream lasts the state is %+v", s)
		}
		lost := time.Now()
		conn.Break()
		if s := p.last(t); s.Phase != source.Offline || s.Until.Sub(lost) < 30*time.Second {
			t.Errorf("the state is %+v", s)
		}
		conn = p.server.Next() // the browser may be wrong
		if d := time.Since(lost); d < 30*time.Second || d > 60*time.Second {
			t.Errorf("the next try came after %v", d)
		}
		conn.Break()
		if s := p.last(t); s.Phase != source.Offline || s.Attempt != 3 {
			t.Errorf("the state is %+v", s)
		}
		p.browser.GoOnline()
		if s := p.last(t); s.Phase != source.Waiting || time.Until(s.Until) > 200*time.Millisecond {
			t.Errorf("with a network the state is %+v", s)
		}
		p.live(wire.Resumed, at(1))
		if s := p.last(t); s.Phase != source.Live {
			t.Errorf("in the end the state is %+v", s)
		}
	})
}

func TestWaitBecomesOneForTheNetwork(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		p.server.Next().Break()
		waiting := p.last(t)
		p.browser.GoOffline()
		s := p.last(t)
		if s.Phase != source.Offline || s.Attempt != waiting.Attempt || s.Reason != waiting.Reason || time.Until(s.Until) < 30*time.Second {
			t.Errorf("the state is %+v", s)
		}
		asked := time.Now()
		p.RetryNow()
		p.server.Next()
		if d := time.Since(asked); d != 0 {
			t.Errorf("the next try came %v after RetryNow", d)
		}
	})
}

func TestHiddenPageWaitsLonger(t *testing.T) {
	inBubble(t, source.Options{Rand: func() float64 { return almostOne }}, func(t *testing.T, p *page) {
		p.browser.Hide()
		p.fail(9)
		if got := p.waited(t, 1)[0]; got != time.Minute {
			t.Errorf("waits %v, want 1m", got)
		}
		if got := p.waited(t, 9)[0]; got != time.Second {
			t.Errorf("waits %v at first, want 1s", got)
		}
	})
}

// Whatever a page was doing when it was put into the back/forward cache, it has
// no connection there and makes none, and goes on where it was afterwards.
func TestBackForwardCache(t *testing.T) {
	for _, c := range []struct {
		name  string
		reach func(*page)
	}{
		{"connecting", func(*page) {}},
		{"live", func(p *page) { p.live(wire.Live, at(5)) }},
		{"waiting", func(p *page) { p.server.Next().Break() }},
		{"stale", func(p *page) {
			p.liveWithHeartbeats(heartbeat, wire.Live, at(5))
			<-time.After(38 * time.Second)
		}},
		{"offline", func(p *page) {
			p.browser.GoOffline()
			p.server.Next().Break()
		}},
		{"probing", func(p *page) { p.server.Next().Reject() }},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, source.Options{After: at(5), Probe: blind}, func(t *testing.T, p *page) {
				c.reach(p)
				synctest.Wait()
				opened := p.server.Opened()
				p.browser.PageEvent(source.PageHide)
				p.browser.Hide() // browsers tell of it afterwards
				p.browser.GoOnline()
				p.browser.Sleep(time.Hour)
				<-time.After(time.Hour)
				if s := p.last(t); s.Phase != source.Stale || s.Reason.Text != "the page was left" {
					t.Errorf("in the cache the state is %+v", s)
				}
				if p.server.Unreleased() != 0 || p.server.Opened() != opened {
					t.Error("there is a connection in the cache")
				}
				back := time.Now()
				p.browser.PageEvent(source.PageShow)
				p.browser.Show()
				conn := p.server.Next()
				for released(conn) {
					conn = p.server.Next()
				}
				if d := time.Since(back); d != 0 {
					t.Errorf("the page came back after %v", d)
				}
				if s := p.last(t); s.Phase != source.Stale || s.Attempt != 1 {
					t.Errorf("coming back the state is %+v", s)
				}
				if got := query(t, conn).Get("after"); got != at(5).String() {
					t.Errorf("asks for what is after %s", got)
				}
				conn.Send(sourcetest.Hello(wire.Resumed, at(5)))
				if s := p.last(t); s.Phase != source.Live {
					t.Errorf("back again the state is %+v", s)
				}
			})
		})
	}
}

// Browsers have bugs: a page that is seen is there, whatever was said before.
func TestPageThatWasNotLeft(t *testing.T) {
	for name, sign := range map[string]func(*page){
		"visible": func(p *page) { p.browser.Show() },
		"thawed":  func(p *page) { p.browser.PageEvent(source.Resume) },
		"focus":   func(p *page) { p.browser.PageEvent(source.Focus) },
		"a click": func(p *page) { p.RetryNow() },
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, source.Options{}, func(t *testing.T, p *page) {
				p.live(wire.Live, at(1))
				p.browser.PageEvent(source.PageHide)
				synctest.Wait()
				sign(p)
				p.live(wire.Resumed, at(1)).Send(sourcetest.Bye(wire.Bye{}))
				if s := p.last(t); s.Phase != source.Waiting {
					t.Errorf("the state is %+v", s)
				}
				p.browser.GoOnline() // which is of no concern to a page that is away
				if s := p.last(t); time.Until(s.Until) > 200*time.Millisecond {
					t.Errorf("the state is %+v", s)
				}
				p.server.Next()
			})
		})
	}
}

// The page's functions may be slow; what the browser tells meanwhile is bounded.
func TestPageEventsWhileThePageIsBusy(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		p.onNote = func(uint64) { <-time.After(time.Second) }
		p.live(wire.Live, at(0)).Send(notes(1, 1)...)
		synctest.Wait()
		for range 1000 {
			p.browser.PageEvent(source.Focus)
		}
		p.browser.PageEvent(source.PageHide)
		<-time.After(time.Second)
		if s := p.last(t); s.Phase != source.Stale {
			t.Errorf("the state is %+v", s)
		}
	})
}
