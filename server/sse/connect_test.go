package sse_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

// A register counts connections and their ends.
type register struct {
	mu              sync.Mutex
	begun, ended    int
	identity, topic string
}

func (g *register) connect(_ *http.Request, identity string, topics []string) (disconnect func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.begun++
	g.identity, g.topic = identity, strings.Join(topics, " ")
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.ended++
	}
}

func (g *register) counts() (begun, ended int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.begun, g.ended
}

func (g *register) empty() bool {
	begun, ended := g.counts()
	return begun == ended
}

// options authorise every topic but "secret".
func (g *register) options() sse.Options {
	return sse.Options{
		OnConnect: g.connect,
		Authorize: func(_ *http.Request, topics []string) (string, error) {
			if topics[0] == "secret" {
				return "", fault.New(fault.Forbidden, "no")
			}
			return "ann", nil
		},
	}
}

func TestOnConnectIsCalledBeforeTheFirstFrameAndItsEndOnce(t *testing.T) {
	onEachTransport(t, func(t *testing.T, p path) {
		g := &register{}
		r := newRig(t, config{path: p, sse: g.options()})
		for range 3 {
			s := r.stream("topic=b&topic=a", "")
			if begun, _ := g.counts(); begun == 0 {
				t.Error("the first frame came before OnConnect was called")
			}
			s.close()
			until(t, "the connection has ended", g.empty)
		}
		begun, ended := g.counts()
		expect(t, "begun", begun, 3)
		expect(t, "ended", ended, 3)
		expect(t, "the identity", g.identity, "ann")
		expect(t, "the topics", g.topic, "a b")
	})
}

func TestOnConnectIsNotCalledForARefusedRequest(t *testing.T) {
	onEachTransport(t, func(t *testing.T, p path) {
		g := &register{}
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
		if begun, _ := g.counts(); begun != 0 {
			t.Errorf("%d connections of refused requests", begun)
		}
		if p == polls {
			return // none of them stays
		}
		r.stream("topic=a", "")
		if over := r.stream("topic=a", ""); over.first.name != wire.FaultName {
			t.Errorf("one stream too many begins with %s", over.first.name)
		}
		if begun, _ := g.counts(); begun != 1 {
			t.Errorf("%d connections where there was room for one", begun)
		}
	})
}

// A stream that cannot begin was connected all the same: the end must be
// reported.
func TestOnConnectHasItsEndIfTheStreamCannotBegin(t *testing.T) {
	onEachTransport(t, func(t *testing.T, p path) {
		g := &register{}
		r := newRig(t, config{path: p, sse: g.options(), hub: fanout.Options{MaxEvents: 2}})
		for range 5 {
			r.publishSync("a", "older than the ring")
		}
		until(t, "the first connections have ended", g.empty)
		before, _ := g.counts()
		r.log.Close()
		s := r.stream("topic=a&last=5", "")
		expect(t, "the first frame", s.first.name, wire.FaultName)
		s.close()
		until(t, "the connection has ended", g.empty)
		begun, _ := g.counts()
		expect(t, "begun", begun, before+1)
	})
}

func TestOnConnectHasItsEndBeforeShutdownReturns(t *testing.T) {
	onEachTransport(t, func(t *testing.T, p path) {
		g := &register{}
		r := newRig(t, config{path: p, sse: g.options()})
		for range 5 {
			r.stream("topic=a", "")
		}
		if err := r.handler.Shutdown(context.Background()); err != nil {
			t.Fatal(err)
		}
		begun, ended := g.counts()
		expect(t, "begun", begun, 5)
		expect(t, "ended", ended, 5)
	})
}

func TestOnConnectMayReturnNil(t *testing.T) {
	onEachTransport(t, func(t *testing.T, p path) {
		r := newRig(t, config{path: p, sse: sse.Options{
			OnConnect: func(*http.Request, string, []string) func() { return nil },
		}})
		r.stream("topic=a", "").close()
		if err := r.handler.Shutdown(context.Background()); err != nil {
			t.Fatal(err)
		}
	})
}
