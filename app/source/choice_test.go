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
	origin        source.Storage
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
	opts := source.Options{Transport: c.first, Fallback: c.second, OriginStorage: c.origin, Probe: blind}
	inBubble(t, opts, func(t *testing.T, p *page) {
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

// A proxy that knows no WebSockets ends each try at once, and the probe finds
// nothing wrong.
func TestProxyThatLetsNoSocketThrough(t *testing.T) {
	c := newChoice()
	probe := answers(transport.Answer{Status: 426}, transport.Answer{Status: 426})
	inBubble(t, source.Options{Transport: c.first, Fallback: c.second, OriginStorage: c.origin, Probe: probe}, func(t *testing.T, p *page) {
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

func TestPlatformWithoutTheFirst(t *testing.T) {
	c := newChoice()
	c.first.Refuse(transport.ErrUnsupported)
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

func TestPlatformWithoutTheFallback(t *testing.T) {
	c := newChoice()
	c.second.Refuse(transport.ErrUnsupported)
	c.inBubble(t, func(t *testing.T, p *page) {
		for range 6 {
			c.first.Next()
			pass(10 * time.Second)
		}
		if s := p.last(t); s.Transport != "first" || c.second.Opened() != 1 {
			t.Errorf("the state is %+v after %d tries of the fallback", s, c.second.Opened())
		}
	})
}

func TestPlatformWithNeither(t *testing.T) {
	c := newChoice()
	c.first.Refuse(transport.ErrUnsupported)
	c.second.Refuse(transport.ErrUnsupported)
	src := source.New(source.Options{Topics: []string{"a"}, Transport: c.first, Fallback: c.second})
	if err := src.Start(); !errors.Is(err, transport.ErrUnsupported) {
		t.Errorf("Start: %v", err)
	}
}

// A transport that was asked for is not replaced by another.
func TestForcedTransport(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		for range 6 {
			p.server.Next()
			<-time.After(10 * time.Second)
			synctest.Wait()
		}
		p.server.Next()
	})
}
