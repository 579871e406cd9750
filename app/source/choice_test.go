package source_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/shared/wire"
)

// A called is a transport with a name.
type called struct {
	*sourcetest.Transport
	name string
}

func (c called) Name() string { return c.name }

// A choice is two transports, of which a page takes one.
type choice struct {
	first, second called
	storage       *sourcetest.Storage
}

func newChoice() *choice {
	return &choice{
		called{sourcetest.NewTransport(), "first"},
		called{sourcetest.NewTransport(), "second"},
		&sourcetest.Storage{},
	}
}

func (c *choice) inBubble(t *testing.T, test func(t *testing.T, p *page)) {
	t.Helper()
	inBubble(t, source.Options{Transport: c.first, Fallback: c.second, Storage: c.storage, Probe: blind}, func(t *testing.T, p *page) {
		defer func() {
			p.Close()
			<-p.Done()
			if n := c.first.Unreleased() + c.second.Unreleased(); n != 0 {
				t.Errorf("%d connections are still open after Done", n)
			}
		}()
		test(t, p)
	})
}

// hang lets a try pass without a hello. Whether the answer begins is no matter.
func hang(p *page, from called, opens bool) {
	conn := from.Next()
	if opens {
		conn.Accept()
	}
	<-time.After(10 * time.Second)
	synctest.Wait()
}

func TestAProxyThatHoldsStreamsBack(t *testing.T) {
	c := newChoice()
	c.inBubble(t, func(t *testing.T, p *page) {
		if s := p.last(t); s.Transport != "first" {
			t.Errorf("at first the transport is %q", s.Transport)
		}
		hang(p, c.first, true)
		hang(p, c.first, false)
		conn := c.second.Next()
		if s := p.last(t); s.Phase != source.Connecting || s.Transport != "second" {
			t.Errorf("after two tries the state is %+v", s)
		}
		if len(c.storage.Texts()) != 0 {
			t.Errorf("before it has helped the tab remembers %q", c.storage.Texts())
		}
		conn.Send(sourcetest.Hello(wire.Live, at(1)))
		if s := p.last(t); s.Phase != source.Live || s.Transport != "second" {
			t.Errorf("with a hello the state is %+v", s)
		}
		conn.Break()
		c.second.Next()
	})
	c.inBubble(t, func(t *testing.T, p *page) { // the next page of the tab
		c.second.Next()
		if c.first.Opened() != 2 {
			t.Error("the tab did not remember what helped")
		}
	})
}

// A proxy that knows no WebSockets ends each try at once, and the probe finds
// nothing wrong.
func TestAProxyThatLetsNoSocketThrough(t *testing.T) {
	c := newChoice()
	probe := answers(source.Answer{Status: 426}, source.Answer{Status: 426})
	inBubble(t, source.Options{Transport: c.first, Fallback: c.second, Storage: c.storage, Probe: probe}, func(t *testing.T, p *page) {
		c.first.Next().Reject()
		c.first.Next().Reject() // tried once more: the server may have come up in between
		if s := p.last(t); s.Phase != source.Waiting || !strings.Contains(s.Reason.Text, "a proxy may stand in between") || s.Reason.Fault != nil {
			t.Errorf("the state is %v: %+v", s.Phase, s.Reason)
		}
		c.second.Next().Send(sourcetest.Hello(wire.Live, at(1)))
		if s := p.last(t); s.Phase != source.Live || s.Transport != "second" {
			t.Errorf("with a hello the state is %+v", s)
		}
	})
}

// In each of these cases something else is wrong than a proxy.
func TestTriesThatSayNothingOfProxies(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(*page, called)
	}{
		{"one hangs, one has a hello", func(p *page, first called) {
			hang(p, first, true)
			conn := first.Next()
			conn.Send(sourcetest.Hello(wire.Live, at(1)))
			synctest.Wait()
			conn.Break()
			hang(p, first, true)
		}},
		{"one hangs, one breaks", func(p *page, first called) {
			hang(p, first, true)
			first.Next().Break()
			hang(p, first, true)
		}},
		{"one hangs, one is refused", func(p *page, first called) {
			hang(p, first, true)
			first.Next().Fail(errors.New("no"))
			hang(p, first, true)
		}},
		{"one hangs, and before it a probe did", func(p *page, first called) {
			first.Next().Reject()
			<-time.After(10 * time.Second)
			hang(p, first, true)
		}},
		{"without a network", func(p *page, first called) {
			p.browser.GoOffline()
			hang(p, first, false)
			hang(p, first, false)
			p.browser.GoOnline()
		}},
		{"through a sleep", func(p *page, first called) {
			for range 2 {
				first.Next()
				p.browser.Sleep(time.Hour)
				p.browser.Poke(source.Resume)
				synctest.Wait()
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			choice := newChoice()
			choice.inBubble(t, func(t *testing.T, p *page) {
				c.do(p, choice.first)
				choice.first.Next()
				if n := choice.second.Opened(); n != 0 {
					t.Errorf("the fallback was tried %d times", n)
				}
			})
		})
	}
}

// Where nothing gets through the fallback is no better, and must not be kept.
func TestAFallbackThatDoesNotHelp(t *testing.T) {
	c := newChoice()
	c.inBubble(t, func(t *testing.T, p *page) {
		for n := range 3 {
			hang(p, c.first, false)
			hang(p, c.first, false)
			hang(p, c.second, false)
			if c.first.Opened() > 2*n+3 || c.second.Opened() > n+1 {
				t.Errorf("%d tries and %d of the fallback", c.first.Opened(), c.second.Opened())
			}
		}
		c.first.Next().Send(sourcetest.Hello(wire.Live, at(1)))
		if s := p.last(t); s.Phase != source.Live || s.Transport != "first" {
			t.Errorf("in the end the state is %+v", s)
		}
	})
	if len(c.storage.Texts()) != 0 {
		t.Errorf("the tab remembers %q", c.storage.Texts())
	}
}

func TestAPlatformWithoutTheFirst(t *testing.T) {
	c := newChoice()
	c.first.Refuse(source.ErrUnsupported)
	c.inBubble(t, func(t *testing.T, p *page) {
		for range 3 {
			c.second.Next().Break()
		}
		c.second.Next()
		if s := p.last(t); s.Transport != "second" || c.first.Opened() != 1 {
			t.Errorf("the state is %+v after %d tries of the first", s, c.first.Opened())
		}
	})
}

func TestAPlatformWithoutTheFallback(t *testing.T) {
	c := newChoice()
	c.second.Refuse(source.ErrUnsupported)
	c.inBubble(t, func(t *testing.T, p *page) {
		for range 6 {
			hang(p, c.first, false)
		}
		c.first.Next()
		if s := p.last(t); s.Transport != "first" || c.second.Opened() != 1 {
			t.Errorf("the state is %+v after %d tries of the fallback", s, c.second.Opened())
		}
	})
}

func TestAPlatformWithNeither(t *testing.T) {
	c := newChoice()
	c.first.Refuse(source.ErrUnsupported)
	c.second.Refuse(source.ErrUnsupported)
	src := source.New(source.Options{Topics: []string{"a"}, Transport: c.first, Fallback: c.second})
	if err := src.Start(); !errors.Is(err, source.ErrUnsupported) {
		t.Errorf("Start: %v", err)
	}
}

// A transport that was asked for is not replaced by another.
func TestAForcedTransport(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		for range 6 {
			p.server.Next()
			<-time.After(10 * time.Second)
			synctest.Wait()
		}
		p.server.Next()
	})
}
