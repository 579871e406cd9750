//go:build !js

package live

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/state"
	"github.com/seawaykit/seaway/shared/wire"
)

// A table has cards in columns, and counts what has happened to it, so that an event
// that is folded twice shows.
type table struct {
	Cards map[string]int
	Count int
}

type cardRequest struct {
	Table  string
	Card   string
	Column int
}

func (r cardRequest) StateKey() string { return r.Table }

type cardReply struct{ Card string }

type card struct {
	ID     string
	Column int
}

var (
	tables = state.Define[table]("table")
	placed = state.On(tables, "table.placed", func(b *table, e event.Of[card]) {
		b.Cards[e.Value.ID] = e.Value.Column
		b.Count++
	})
	taken = state.On(tables, "table.taken", func(b *table, e event.Of[string]) {
		delete(b.Cards, e.Value)
		b.Count++
	})
)

var errNoCard = fault.New(fault.NotFound, "there is no such card")

var (
	addCard = state.Mutate(tables, "table.add", func(c *state.Call, _ table, r cardRequest) (cardReply, error) {
		reply := cardReply{c.NewID()}
		state.Emit(c, placed, card{reply.Card, r.Column})
		return reply, nil
	})
	// A post comes after whatever is there, and the server decides on a state that others
	// have changed since.
	postCard = state.Mutate(tables, "table.post", func(c *state.Call, b table, r cardRequest) (cardReply, error) {
		reply := cardReply{c.NewID()}
		if _, known := b.Cards[reply.Card]; !known {
			state.Emit(c, placed, card{reply.Card, r.Column})
		}
		return reply, nil
	}, state.Unordered())
	moveCard = state.Mutate(tables, "table.move", func(c *state.Call, b table, r cardRequest) (cardReply, error) {
		if _, ok := b.Cards[r.Card]; !ok {
			return cardReply{}, errNoCard
		}
		if b.Cards[r.Card] != r.Column { // or there is nothing to do
			state.Emit(c, placed, card{r.Card, r.Column})
		}
		return cardReply{r.Card}, nil
	})
	takeCard = state.Mutate(tables, "table.take", func(c *state.Call, b table, r cardRequest) (cardReply, error) {
		if _, ok := b.Cards[r.Card]; !ok {
			return cardReply{}, errNoCard
		}
		state.Emit(c, taken, r.Card)
		return cardReply{r.Card}, nil
	})
)

// A tableServer is a server with one table, its log and its streams.
type tableServer struct {
	seed uint64
	mux  *command.Mux

	mu     sync.Mutex
	table  table
	before table // as it was a while ago
	events []event.Event
	stored map[string][]event.ID // by the event's key
	tries  map[string]int        // of calls
	calm   bool                  // no call is lost
}

func newTableServer(t *testing.T, seed uint64) *tableServer {
	t.Helper()
	s := &tableServer{seed: seed, table: tables.New(), before: tables.New(), stored: map[string][]event.ID{}, tries: map[string]int{}}
	var err error
	s.mux, err = command.NewMux(command.Options{
		Authorize: func(r *http.Request, _ string) (string, error) { return r.Header.Get("X-User"), nil },
		Logger:    slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range tables.Mutations() {
		m.Serve(s.mux, s.mutate, func(string) any { return nil })
	}
	return s
}

func (s *tableServer) mutate(ctx context.Context, r state.Request, decide func(*state.Call, table) error) ([]event.ID, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var once event.Draft
	command.Once(ctx)(&once)
	if ids, ok := s.stored[once.Key]; ok {
		return ids, nil
	}
	call := state.NewCall(tables.Topic(r.Key), command.Identity(ctx), command.IdempotencyKey(ctx), time.Now())
	on := s.table
	if r.Unordered {
		on = s.before
	}
	if err := decide(call, on); err != nil {
		return nil, err
	}
	drafts, err := call.Drafts()
	if err != nil {
		return nil, err
	}
	var ids []event.ID
	for _, d := range drafts {
		e, err := event.New(event.NewID("e1", uint64(len(s.events)+1), once.Key), d, time.Now())
		if err != nil {
			return nil, err
		}
		if _, err := tables.Apply(&s.table, e); err != nil {
			return nil, err
		}
		s.events, ids = append(s.events, e), append(ids, e.ID())
	}
	s.stored[once.Key] = ids
	if len(s.events)%3 == 0 {
		var err error
		if s.before, err = tables.Clone(&s.table); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// caller is the way of one user's calls, on which some are lost, before or after the
// server has done them.
type caller struct {
	*tableServer
	user string
}

var errLost = errors.New("the network lost it")

func (c caller) Carry(ctx context.Context, name, key string, body []byte) (int, []byte, error) {
	fate := c.fate(key)
	time.Sleep(time.Duration(fate%7) * time.Millisecond)
	if fate%5 == 1 {
		return 0, nil, errLost
	}
	r := httptest.NewRequestWithContext(ctx, "POST", command.PathPrefix+name, bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-User", c.user)
	r.Header.Set(command.IdempotencyKeyHeader, key)
	w := httptest.NewRecorder()
	c.mux.ServeHTTP(w, r)
	time.Sleep(time.Duration(fate/7%50) * time.Millisecond)
	if fate%5 == 2 {
		return 0, nil, errLost
	}
	return w.Code, w.Body.Bytes(), nil
}

// fate is what happens to a try of a call, the same for the same seed.
func (s *tableServer) fate(key string) uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tries[key]++
	if s.calm {
		return 0
	}
	h := fnv.New64a()
	fmt.Fprint(h, s.seed, key, s.tries[key])
	return h.Sum64() >> 8
}

// state answers a page that asks for the table.
func (s *tableServer) state() (int, []byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	value, err := tables.Encode(&s.table)
	if err != nil {
		return 0, nil, err
	}
	body, err := json.Marshal(carriedState{Topic: "table.red", Type: tables.Fingerprint(), Position: event.Position("e1", uint64(len(s.events))), Value: value})
	return 200, body, err
}

// A seat is a page at the table.
type seat struct {
	*mounted
	v    *Value[table]
	s    *tableServer
	conn *sourcetest.Conn
	sent int // events that its stream has had

	asked, answered int
}

func (s *tableServer) seat(t *testing.T, user string) *seat {
	t.Helper()
	p := &seat{mounted: newMounted(Options{}), s: s}
	p.user = Identity{ID: user}
	p.v = State(p.Page, tables, "red")
	v := p.testView()
	v.read = func(string) (int, []byte, error) { return s.state() }
	v.call = []command.CallOption{command.Via(caller{s, user})}
	p.mount(v)
	t.Cleanup(p.Close)
	synctest.Wait()
	p.connect(t)
	return p
}

// connect answers the page's stream from where it asks, if it has opened one.
func (p *seat) connect(t *testing.T) {
	for p.server.Waiting() > 0 {
		p.conn = p.server.Next()
		if after := asks(t, p.conn).Get("after"); after != "" {
			id, err := event.ParseID(after)
			if err != nil {
				t.Fatal(err)
			}
			p.sent = int(id.Seq())
		}
		p.conn.Send(sourcetest.Hello(wire.Resumed, event.Position("e1", uint64(p.sent))))
	}
}

// deliver sends the next n events.
func (p *seat) deliver(n int) {
	p.s.mu.Lock()
	next := slices.Clone(p.s.events[p.sent:min(p.sent+n, len(p.s.events))])
	p.s.mu.Unlock()
	var frames []transport.Frame
	for _, e := range next {
		frames = append(frames, frameOf(e))
	}
	if len(frames) > 0 {
		p.sent += len(frames)
		p.conn.Send(frames...)
	}
}

// frameOf is the frame of a table's event.
func frameOf(e event.Event) transport.Frame {
	if of, err := placed.Decode(e); err == nil {
		return sourcetest.EventOn(placed, e.Meta(), of.Value)
	}
	of, err := taken.Decode(e)
	if err != nil {
		panic(err)
	}
	return sourcetest.EventOn(taken, e.Meta(), of.Value)
}

// reset starts the page over where the log ends.
func (p *seat) reset() {
	p.s.mu.Lock()
	p.sent = len(p.s.events)
	p.s.mu.Unlock()
	p.conn.Send(sourcetest.Reset(event.Position("e1", uint64(p.sent)), wire.Purged))
}

// act does something with a card that the page shows.
func (p *seat) act(r *rand.Rand) {
	p.asked++
	done := func(cardReply, error) { p.answered++ }
	cards := slices.Sorted(maps.Keys(p.v.Now().Cards))
	req := cardRequest{Table: "red", Column: r.IntN(4)}
	if len(cards) > 0 {
		req.Card = cards[r.IntN(len(cards))]
	}
	switch n := r.IntN(8); {
	case n < 2:
		req.Card = ""
		want(p, postCard, req, done)
	case n < 4 || len(cards) == 0:
		req.Card = ""
		want(p, addCard, req, done)
	case n < 7:
		want(p, moveCard, req, done)
	default:
		want(p, takeCard, req, done)
	}
}

// want is Do without a component.
func want(p *seat, m state.Mutation[table, cardRequest, cardReply], r cardRequest, done func(cardReply, error)) {
	c := &state.Change{Key: command.NewIdempotencyKey(), At: time.Now(), Request: r}
	p.v.changes.Propose(&p.v.now, c, m.With(r), func(reply any, err error) {
		rep, _ := reply.(cardReply)
		done(rep, err)
	})
}

func TestChangesEndWithTheServersState(t *testing.T) {
	seeds := 10_000
	if testing.Short() {
		seeds = 500
	}
	for seed := range seeds {
		synctest.Test(t, func(t *testing.T) { playChanges(t, uint64(seed)) })
		if t.Failed() {
			t.Fatalf("in history %d", seed)
		}
	}
}

func playChanges(t *testing.T, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 1))
	s := newTableServer(t, seed)
	seats := []*seat{s.seat(t, "ann"), s.seat(t, "bob")}
	for range 10 + r.IntN(20) {
		p := seats[r.IntN(2)]
		p.connect(t)
		switch n := r.IntN(20); {
		case n < 8:
			p.act(r)
		case n < 14:
			p.deliver(1 + r.IntN(4))
		case n < 17:
			time.Sleep(time.Duration(r.IntN(60)) * time.Millisecond)
		case n < 18:
			p.conn.Break()
			p.run()
			time.Sleep(time.Minute) // longer than the page waits
		case n < 19:
			p.reset()
		default:
			for _, c := range p.v.Failed() {
				p.v.Retry(c)
			}
		}
		p.run()
	}
	s.mu.Lock()
	s.calm = true
	s.mu.Unlock()
	rest(t, seats)
	for i, p := range seats {
		for _, c := range p.v.Failed() {
			p.v.Discard(c)
		}
		if got, want := fmt.Sprint(p.v.Now()), fmt.Sprint(s.table); got != want {
			t.Errorf("page %d shows %s, and the server has %s", i, got, want)
		}
		if len(p.v.Pending()) != 0 || p.answered < p.asked {
			t.Errorf("page %d has %d changes left, and %d of %d were answered", i, len(p.v.Pending()), p.answered, p.asked)
		}
	}
}

// rest lets everything come to its end: a call is tried for a minute and a half.
func rest(t *testing.T, seats []*seat) {
	for quiet := 0; quiet < 2; quiet++ {
		time.Sleep(2 * time.Second)
		for _, p := range seats {
			p.connect(t)
			p.deliver(1000)
			p.conn.Send(sourcetest.Heartbeat(event.Position("e1", uint64(p.sent))))
			p.run()
			if !p.isQuiet() {
				quiet = 0
			}
		}
	}
}

// isQuiet reports whether the page has everything, and waits for nothing.
func (p *seat) isQuiet() bool {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return !p.v.stale && !p.v.reading && len(p.v.Pending()) == 0 && p.answered >= p.asked && p.v.at.Seq() == uint64(len(p.s.events))
}
