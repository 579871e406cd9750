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

func TestDropBreaksTheConnection(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		conn := p.live(wire.Live, at(1))
		p.Drop()
		p.Drop() // there is none any more
		s := p.last(t)
		if s.Phase != source.Waiting || s.Reason.Text != "a developer dropped the connection" || s.Attempt != 2 {
			t.Errorf("the state is %+v", s)
		}
		if !released(conn) {
			t.Error("the connection was not released")
		}
		if got := query(t, p.server.Next()).Get("after"); got != at(1).String() {
			t.Errorf("asks for what is after %q", got)
		}
	})
}

// The page keeps the position until the server has taken it away: nothing is
// lost if the drill fails.
func TestGapMakesTheServerStartThePageOver(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		p.live(wire.Live, at(4))
		p.Gap()
		for range 2 { // until a stream has begun
			conn := p.server.Next()
			id, err := event.ParseID(query(t, conn).Get("after"))
			if err != nil || id.Epoch() == "e1" {
				t.Errorf("asks for what is after %v, %v", id, err)
			}
			p.expectPosition(t, at(4))
			conn.Break()
		}
		p.read()
		conn := p.live(wire.Reset, event.ID{})
		conn.Send(append([]transport.Frame{sourcetest.Reset(at(1), wire.OtherEpoch)}, notes(2, 4)...)...)
		p.expect(t, "connecting", "live", "reset epoch", "2", "3", "4", "batch")
		conn.Break()
		if got := query(t, p.server.Next()).Get("after"); got != at(4).String() {
			t.Errorf("asks for what is after %q", got)
		}
	})
}

func TestPauseTakesTheSourceOffTheNetwork(t *testing.T) {
	for _, c := range []struct {
		name  string
		reach func(*page)
	}{
		{"connecting", func(*page) {}},
		{"live", func(p *page) { p.live(wire.Live, at(1)) }},
		{"waiting", func(p *page) { p.server.Next().Break() }},
		{"refused", func(p *page) { p.server.Next().Reject() }},
		{"left", func(p *page) { p.browser.PageEvent(source.PageHide) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, source.Options{Probe: answers(transport.Answer{Status: 403})}, func(t *testing.T, p *page) {
				c.reach(p)
				synctest.Wait()
				p.Pause(true)
				p.Pause(true)
				synctest.Wait()
				opened := p.server.Opened()
				p.RetryNow()
				p.browser.GoOnline()
				p.browser.PageEvent(source.PageHide)
				p.browser.PageEvent(source.PageShow)
				p.browser.Show()
				<-time.After(time.Hour)
				if s := p.last(t); s.Phase != source.Offline || !s.Until.IsZero() || s.Reason.Text != "a developer paused the source" {
					t.Errorf("the state is %+v", s)
				}
				if p.server.Opened() != opened || p.server.Unreleased() != 0 {
					t.Error("there is a connection")
				}
				p.Pause(false)
				p.Pause(false)
				synctest.Wait()
				if s := p.last(t); s.Phase != source.Connecting || s.Attempt != 1 || p.server.Opened() != opened+1 {
					t.Errorf("after the pause the state is %+v", s)
				}
			})
		})
	}
}

// The end of a pause does not bring a page out of the back/forward cache.
func TestPauseThatEndsWhileThePageIsAway(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		p.Pause(true)
		p.browser.PageEvent(source.PageHide)
		p.Pause(false)
		if s := p.last(t); s.Phase != source.Stale || p.server.Unreleased() != 0 {
			t.Errorf("the state is %+v", s)
		}
		p.browser.PageEvent(source.PageShow)
		if s := p.last(t); s.Phase != source.Stale || p.server.Unreleased() != 1 {
			t.Errorf("the state is %+v", s)
		}
	})
}

func TestDrillsOfASourceThatIsNotThere(t *testing.T) {
	src := source.New(source.Options{Topics: []string{"a"}})
	src.Drop()
	src.Gap()
	src.Pause(true)
	src.Close()
	<-src.Done()
	src.Drop()
}
