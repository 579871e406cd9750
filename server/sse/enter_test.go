package sse_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/seawaykit/seaway/server/fanout"
	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

// A guestbook notes who enters and who leaves.
type guestbook struct {
	mu              sync.Mutex
	entered, left   int
	here            int
	identity, topic string
}

func (g *guestbook) enter(_ *http.Request, identity string, topics []string) (leave func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.entered++
	g.here++
	g.identity, g.topic = identity, strings.Join(topics, " ")
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.left++
		g.here--
	}
}

func (g *guestbook) counts() (entered, left int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.entered, g.left
}

func (g *guestbook) empty() bool {
	entered, left := g.counts()
	return entered == left
}

// options authorise everybody but who asks for the topic "secret".
func (g *guestbook) options() sse.Options {
	return sse.Options{
		Enter: g.enter,
		Authorize: func(_ *http.Request, topics []string) (string, error) {
			if topics[0] == "secret" {
				return "", fault.New(fault.Forbidden, "no")
			}
			return "ann", nil
		},
	}
}

func TestWhoVisitsEntersAndLeavesOnce(t *testing.T) {
	onEachTransport(t, func(t *testing.T, p path) {
		g := &guestbook{}
		r := newRig(t, config{path: p, sse: g.options()})
		for range 3 {
			s := r.stream("topic=b&topic=a", "")
			if entered, _ := g.counts(); entered == 0 {
				t.Error("the first frame came before the visitor had entered")
			}
			s.close()
			until(t, "the visitor has left", g.empty)
		}
		entered, left := g.counts()
		expect(t, "entered", entered, 3)
		expect(t, "left", left, 3)
		expect(t, "the identity", g.identity, "ann")
		expect(t, "the topics", g.topic, "a b")
	})
}

func TestWhoIsRefusedDoesNotEnter(t *testing.T) {
	onEachTransport(t, func(t *testing.T, p path) {
		g := &guestbook{}
		opts := g.options()
		opts.MaxStreams = 1
		r := newRig(t, config{path: p, sse: opts})
		for _, query := range []string{"topic=secret", "topic=..", ""} {
			if p == sockets {
				if _, _, err := r.dial(query, ""); err == nil {
					t.Errorf("%q was accepted", query)
				}
			} else if resp := r.get(query, ""); resp.StatusCode < 400 {
				t.Errorf("%q: status %d", query, resp.StatusCode)
			}
		}
		if entered, _ := g.counts(); entered != 0 {
			t.Errorf("%d who were refused have entered", entered)
		}
		if p == polls {
			return // none of them stays
		}
		r.stream("topic=a", "")
		if over := r.stream("topic=a", ""); over.first.name != wire.FaultName {
			t.Errorf("one stream too many begins with %s", over.first.name)
		}
		if entered, _ := g.counts(); entered != 1 {
			t.Errorf("%d have entered where there was room for one", entered)
		}
	})
}

// A stream that cannot begin has entered all the same, and must leave.
func TestWhoCannotBeServedLeaves(t *testing.T) {
	onEachTransport(t, func(t *testing.T, p path) {
		g := &guestbook{}
		r := newRig(t, config{path: p, sse: g.options(), hub: fanout.Options{MaxEvents: 2}})
		for range 5 {
			r.publishSync("a", "older than the ring")
		}
		until(t, "the first visitors have left", g.empty)
		before, _ := g.counts()
		r.log.Close()
		s := r.stream("topic=a&last=5", "")
		expect(t, "the first frame", s.first.name, wire.FaultName)
		s.close()
		until(t, "the visitor has left", g.empty)
		entered, _ := g.counts()
		expect(t, "entered", entered, before+1)
	})
}

func TestAllHaveLeftWhenShutdownReturns(t *testing.T) {
	onEachTransport(t, func(t *testing.T, p path) {
		g := &guestbook{}
		r := newRig(t, config{path: p, sse: g.options()})
		for range 5 {
			r.stream("topic=a", "")
		}
		if err := r.handler.Shutdown(context.Background()); err != nil {
			t.Fatal(err)
		}
		entered, left := g.counts()
		expect(t, "entered", entered, 5)
		expect(t, "left", left, 5)
	})
}

func TestANilLeaveIsNotCalled(t *testing.T) {
	onEachTransport(t, func(t *testing.T, p path) {
		r := newRig(t, config{path: p, sse: sse.Options{
			Enter: func(*http.Request, string, []string) func() { return nil },
		}})
		r.stream("topic=a", "").close()
		if err := r.handler.Shutdown(context.Background()); err != nil {
			t.Fatal(err)
		}
	})
}
