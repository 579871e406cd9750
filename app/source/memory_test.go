package source_test

import (
	"testing"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/wire"
)

// blocked is a storage that keeps nothing.
type blocked struct{}

func (blocked) Get(string) string  { return "" }
func (blocked) Set(string, string) {}

// later runs a test with a page of the same origin that starts a while after.
func (c *choice) later(t *testing.T, after time.Duration, test func(t *testing.T, p *page)) {
	t.Helper()
	c.first.Transport, c.second.Transport = sourcetest.NewTransport(), sourcetest.NewTransport()
	inBubbleAfter(t, after, source.Options{Transport: c.first, Fallback: c.second, OriginStorage: c.origin, Probe: blind}, test)
}

func TestMemoryOfWhatWorks(t *testing.T) {
	c := newChoice()
	c.inBubble(t, func(t *testing.T, p *page) { c.heldBack(t, p) })
	c.later(t, time.Hour, func(t *testing.T, p *page) { // the next tab
		c.opened(t, 0, 1)
		c.second.Next().Send(helloWithHeartbeats(wire.Live, at(0)))
		c.expect(t, p, source.Live, "second")
		p.expect(t, "connecting", "live")
	})
}

// A day after the stream was last found to be held back the memory is no more.
func TestMemoryLastsADay(t *testing.T) {
	c := newChoice()
	c.inBubble(t, func(t *testing.T, p *page) { c.heldBack(t, p) })
	c.later(t, 23*time.Hour, func(t *testing.T, p *page) {
		polls := c.second.Next()
		polls.Send(helloWithHeartbeats(wire.Live, at(0)))
		c.aliveFor(2*time.Minute, polls) // with a trial, which is held back too
		c.opened(t, 1, 1)
	})
	c.later(t, 46*time.Hour, func(t *testing.T, p *page) {
		c.second.Next().Send(helloWithHeartbeats(wire.Live, at(0)))
		c.opened(t, 0, 1)
	})
	c.later(t, 48*time.Hour, func(t *testing.T, p *page) {
		c.opened(t, 1, 0)
		pass(3 * time.Second)
		c.opened(t, 1, 1)
	})
}

// Nothing is remembered of a fallback that did not help, nor by another address.
func TestMemoryOfNothing(t *testing.T) {
	c := newChoice()
	c.inBubble(t, func(t *testing.T, p *page) {
		pass(5 * time.Second)
		if texts := c.origin.(*sourcetest.Storage).Texts(); len(texts) != 0 {
			t.Errorf("before it has helped the origin remembers %q", texts)
		}
		c.second.Next().Send(helloWithHeartbeats(wire.Live, at(0)))
	})
	inBubble(t, source.Options{URL: "/other", Transport: c.first, Fallback: c.second, OriginStorage: c.origin}, func(t *testing.T, p *page) {
		c.opened(t, 2, 1)
	})
}

func TestMemoryThatIsNone(t *testing.T) {
	for _, text := range []string{"nonsense", "9999999999", "1", "-1"} {
		c := remembered(t)
		for key := range c.origin.(*sourcetest.Storage).Texts() {
			c.origin.Set(key, text)
		}
		c.inBubble(t, func(t *testing.T, p *page) { c.opened(t, 1, 0) })
	}
}

// A browser that stores nothing remembers for as long as the page.
func TestMemoryWithoutAStorage(t *testing.T) {
	c := newChoice()
	c.origin = blocked{}
	c.inBubble(t, func(t *testing.T, p *page) {
		_, polls := c.heldBack(t, p)
		polls.Break()
		c.second.Next().Send(helloWithHeartbeats(wire.Live, at(0)))
		c.expect(t, p, source.Live, "second")
		c.opened(t, 1, 2)
	})
	c.inBubble(t, func(t *testing.T, p *page) { c.opened(t, 2, 2) })
}

// A remembered fallback that is slow has a rival, as the stream has.
func TestMemoryThatDoesNotHelp(t *testing.T) {
	c := remembered(t)
	c.inBubble(t, func(t *testing.T, p *page) {
		pass(3 * time.Second)
		c.first.Next().Send(helloWithHeartbeats(wire.Live, at(0)))
		c.expect(t, p, source.Live, "first")
	})
	c.inBubble(t, func(t *testing.T, p *page) { c.opened(t, 2, 1) })
}

// A server that takes no polls any more has not refused the page.
func TestMemoryOfAFallbackThatIsGone(t *testing.T) {
	c := remembered(t)
	c.inBubble(t, func(t *testing.T, p *page) {
		c.second.Next().Fail(&transport.AnswerError{Answer: transport.Answer{Status: 404}})
		c.first.Next().Send(helloWithHeartbeats(wire.Live, at(0)))
		c.expect(t, p, source.Live, "first")
		p.expect(t, "connecting", "live")
	})
}

// Nor is a fallback kept that fails again and again.
func TestMemoryOfAFallbackThatFails(t *testing.T) {
	c := remembered(t)
	c.inBubble(t, func(t *testing.T, p *page) {
		c.second.Next().Break()
		c.second.Next().Break()
		c.first.Next().Send(helloWithHeartbeats(wire.Live, at(0)))
		c.expect(t, p, source.Live, "first")
	})
}
