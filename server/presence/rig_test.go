package presence

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/presence"
)

// A rig is some nodes on a log in memory, in a bubble.
type rig struct {
	t     *testing.T
	log   *eventlog.Memory
	names sync.Map // by user
}

// inBubble runs a test of nodes.
func inBubble(t *testing.T, fn func(t *testing.T, r *rig)) {
	synctest.Test(t, func(t *testing.T) {
		fn(t, &rig{t: t, log: eventlog.NewMemory(eventlog.Retention{})})
	})
}

// A server is a node that runs.
type server struct {
	*node
	log *gate
	end func()
}

// A gate is a log that a node may be cut off from.
type gate struct {
	eventlog.Log
	mu       sync.Mutex
	closed   bool
	appended int // bytes
}

func (g *gate) shut(closed bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = closed
}

func (g *gate) Append(ctx context.Context, d event.Draft) (event.ID, error) {
	g.mu.Lock()
	closed := g.closed
	g.appended += eventlog.Size(d)
	g.mu.Unlock()
	if closed {
		<-ctx.Done()
		return event.ID{}, eventlog.Interrupted(ctx)
	}
	return g.Log.Append(ctx, d)
}

// start starts a node. Its end is graceful, unless it is cut off before.
func (r *rig) start() *server {
	g := &gate{Log: r.log}
	n := newNode(g, slog.New(slog.DiscardHandler), "test.here", func(_ context.Context, user string) (json.RawMessage, error) {
		name, ok := r.names.Load(user)
		if !ok {
			name = user
		}
		if err, ok := name.(error); ok {
			return nil, err
		}
		return json.Marshal(name)
	})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		n.Run(ctx)
		close(ended)
	}()
	s := &server{node: n, log: g}
	s.end = sync.OnceFunc(func() {
		cancel()
		<-ended
	})
	r.t.Cleanup(s.end)
	synctest.Wait()
	return s
}

// die ends a node as kill -9 does: what it would say comes to no one.
func (s *server) die() {
	s.log.shut(true)
	s.end()
}

// A page folds the changes of a list as a page does.
type page struct {
	mu   sync.Mutex
	here presence.Here[string]
	read int // how often the list was read
	news int // how many changes have come
}

// open opens a page of a list, that reads it from a node.
func (r *rig) open(s *server, key string) *page {
	p := &page{}
	at := p.load(r.t, s, key)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = r.log.Tail(ctx, at.Seq()+1, func(batch []event.Event, _ error) {
			for _, e := range batch {
				if e.Topic() == s.topic(key) {
					p.take(r.t, s, key, e)
				}
			}
		})
	}()
	r.t.Cleanup(func() {
		cancel()
		<-ended
	})
	return p
}

func (p *page) load(t *testing.T, s *server, key string) event.ID {
	v, err := s.Value(t.Context(), s.topic(key))
	if err != nil {
		t.Error(err)
	}
	var h presence.Here[string]
	if err := json.Unmarshal(v.JSON, &h); err != nil {
		t.Error(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.here = h
	p.read++
	return v.At
}

func (p *page) take(t *testing.T, s *server, key string, e event.Event) {
	var c presence.Change[string]
	if err := json.Unmarshal(e.Data(), &c); err != nil {
		t.Error(err)
	}
	p.mu.Lock()
	p.news++
	stale := e.ID().Seq() <= p.here.Last
	if !stale {
		p.here.Apply(c, e.ID().Seq())
	}
	torn := p.here.Torn
	p.mu.Unlock()
	if torn {
		p.load(t, s, key)
	}
}

// shows returns the names and the count of a page.
func (p *page) shows() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var names []string
	for _, one := range p.here.People() {
		names = append(names, one.Profile)
	}
	slices.Sort(names)
	return strings.TrimSpace(fmt.Sprint(p.here.Count(), " ", strings.Join(names, " ")))
}

// expect waits for a while of the bubble, and compares what a page shows.
func (p *page) expect(t *testing.T, after time.Duration, want string) {
	t.Helper()
	time.Sleep(after) // the bubble's
	synctest.Wait()
	if got := p.shows(); got != want {
		t.Errorf("after %v the page shows %q, want %q", after, got, want)
	}
}

// changes returns how many changes of a list were published since the last call.
func (p *page) changes() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := p.news
	p.news = 0
	return n
}
