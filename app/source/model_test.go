package source_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

// Whatever servers, proxies, logs, browsers and laptops do, the page ends with
// what a page loaded afresh would show, and never saw an event twice, out of
// order or after a gap.
func TestPageEndsWithTheLog(t *testing.T) {
	seeds := uint64(120)
	if testing.Short() {
		seeds /= 4
	}
	var fallen, returned, loaded int
	moves := map[[2]string]bool{}
	for seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newModel(t, rand.New(rand.NewPCG(seed, 1)))
				m.run()
				fallen += m.fallen
				returned += m.returned
				loaded += m.loaded
				maps.Copy(moves, m.moves)
			})
		})
	}
	t.Log(fallen, returned, loaded)
	if fallen == 0 || returned == 0 || loaded == 0 {
		t.Errorf("%d streams on the fallback, %d that gave way to the first, %d pages loaded again: the model has lost its bad luck",
			fallen, returned, loaded)
	}
	checkMoves(t, moves)
}

// A model is a page with a server that has a log, and much bad luck.
type model struct {
	*testing.T
	*rand.Rand
	first, second *sourcetest.Transport // the server sees both
	browser       *sourcetest.Environment

	// The page. What it stores in OnBatch it has again after a reload.
	src         *source.Source
	list, saved []uint64
	storage     *sourcetest.Storage
	stores      bool
	away        bool // in the back/forward cache
	paused      bool

	// The server.
	keeps        bool // the log loses nothing: then no reset may come
	epoch        int
	oldest, head uint64             // the events that the log holds
	holds        bool               // a proxy holds streams back
	conns        []*modelConn       // that have a stream, as far as the server knows
	old          []*sourcetest.Conn // all others

	luck func() float64 // of what runs on other goroutines

	fallen, returned, loaded int
	moves                    map[[2]string]bool // from phase to phase
}

// A modelConn is one stream with the newest event on it.
type modelConn struct {
	*sourcetest.Conn
	falls bool // it is the fallback's
	sent  uint64
}

func newModel(t *testing.T, rng *rand.Rand) *model {
	m := &model{
		T: t, Rand: rng, first: sourcetest.NewTransport(), second: sourcetest.NewTransport(),
		browser: &sourcetest.Environment{}, storage: &sourcetest.Storage{}, epoch: 1, oldest: 1,
		moves: map[[2]string]bool{}, luck: locked(rand.New(rand.NewPCG(rng.Uint64(), 6))),
	}
	m.keeps, m.stores, m.holds = rng.IntN(2) == 0, rng.IntN(2) == 0, rng.IntN(2) == 0
	return m
}

func (m *model) run() {
	m.load()
	for range 200 {
		m.act()
	}
	m.settle()
	n := len(m.list)
	if n == 0 || m.list[n-1] != m.head || m.list[0] > m.oldest {
		m.Errorf("the page holds %v, the log %d to %d", m.list, m.oldest, m.head)
	}
	if m.keeps && uint64(n) != m.head {
		m.Errorf("the page holds %d events of %d", n, m.head)
	}
	m.unload()
}

// load is a page's load: it shows what it had stored, or nothing.
func (m *model) load() {
	m.list = slices.Clone(m.saved)
	m.src = source.New(source.Options{
		Topics: []string{"notes"}, Last: 1, Rand: locked(rand.New(rand.NewPCG(m.Uint64(), 2))),
		Transport: called{m.first, "first"}, Fallback: called{m.second, "second"},
		Environment: m.browser, Probe: m.probe, Storage: m.storage, OriginStorage: m.storage, UnsafeResumeAfterReload: m.stores,
	})
	var was source.State
	m.src.OnState(func(s source.State) {
		if s.Phase == source.Live && was.Phase == source.Live && s.Transport != was.Transport {
			m.returned++
		}
		m.moves[[2]string{was.Phase.String(), s.Phase.String()}] = true
		was = s
	})
	source.On(m.src, noted, func(e event.Of[note]) {
		if n := len(m.list); n > 0 && m.list[n-1]+1 != e.Value.N {
			m.Errorf("event %d came after %d", e.Value.N, m.list[n-1])
		}
		m.list = append(m.list, e.Value.N)
	})
	m.src.OnReset(func(wire.ResetInfo) {
		if m.keeps {
			m.Error("a reset, though nothing was lost")
		}
		m.list = nil
	})
	m.src.OnBatch(func() {
		if m.stores {
			m.saved = slices.Clone(m.list)
		}
	})
	m.src.OnError(func(err error) { m.Error(err) })
	if err := m.src.Start(); err != nil {
		m.Fatal(err)
	}
}

func (m *model) unload() {
	m.src.Close()
	<-m.src.Done()
	if m.first.Unreleased() != 0 || m.second.Unreleased() != 0 || m.browser.Watches() != 0 {
		m.Error("the page has left something behind")
	}
	m.away, m.paused = false, false
	m.loaded++
}

// consistent checks what the source is doing.
func (m *model) consistent() {
	if err := m.src.Check(); err != nil {
		m.Error(err)
	}
}

// act does one thing at random.
func (m *model) act() {
	switch m.IntN(26) {
	case 0, 1, 2, 3:
		m.head += m.Uint64N(4)
	case 4, 5, 6, 7, 8:
		m.pump(m.Uint64N(5))
	case 9, 10:
		for _, c := range m.conns {
			m.say(c, m.heartbeat(c))
		}
	case 11:
		m.end(m.some()...)
	case 12:
		m.kill(m.some()...)
	case 13:
		if !m.keeps {
			m.lose()
		}
	case 14, 15:
		<-time.After(time.Duration(m.Int64N(int64(20 * time.Second))))
	case 16:
		synctest.Wait()
	case 17:
		m.speakLate()
	case 18:
		m.unload()
		m.load()
	case 19:
		m.holds = !m.holds
	case 20:
		m.calm()
	default:
		m.disturb()
	}
}

// calm is a while in which nothing is held back: the stream's chance to take over
// from the fallback.
func (m *model) calm() {
	m.holds = false
	m.browser.GoOnline()
	for range 5 {
		m.head++
		m.pump(1)
		<-time.After(time.Second)
		synctest.Wait()
	}
}

// disturb does something to the page's browser.
func (m *model) disturb() {
	switch m.IntN(10) {
	case 0:
		m.browser.GoOffline()
	case 1:
		m.browser.GoOnline()
	case 2:
		m.browser.Hide()
	case 3:
		m.browser.Show()
	case 4:
		m.away = true
		m.browser.PageEvent(source.PageHide)
	case 5:
		m.away = false
		m.browser.PageEvent(source.PageShow)
	case 6:
		m.kill(m.conns...) // no connection outlives a sleep of any length
		m.browser.Sleep(time.Duration(m.Int64N(int64(2*time.Hour)) - int64(time.Hour)))
	case 7:
		m.browser.PageEvent([]source.PageEvent{source.Resume, source.Focus, source.VisibilityChange}[m.IntN(3)])
	case 8:
		m.paused = !m.paused
		m.src.Pause(m.paused)
	case 9:
		if m.src.Drop(); !m.keeps {
			m.src.Gap()
		}
	}
}

// probe answers by chance, and sometimes takes its time.
func (m *model) probe(ctx context.Context, _ string) (transport.Answer, error) {
	select {
	case <-ctx.Done():
		return transport.Answer{}, ctx.Err()
	case <-time.After(time.Duration(int(4*m.luck())) * time.Second):
	}
	found := []transport.Answer{
		{Status: 200, Type: "text/event-stream"}, {Status: 503, RetryAfter: "3"}, {Status: 401}, {Redirect: true},
	}
	return found[int(m.luck()*float64(len(found)))], nil
}

func (m *model) position(n uint64) event.ID { return event.Position(fmt.Sprint("e", m.epoch), n) }

func (m *model) event(n uint64) transport.Frame {
	return sourcetest.Event(noted, event.NewID(fmt.Sprint("e", m.epoch), n, "key"), note{n})
}

// revive makes sure that the page is going to come by itself.
func (m *model) revive() {
	if m.away {
		m.browser.PageEvent(source.PageShow)
	}
	if m.paused {
		m.src.Pause(false)
	}
	m.away, m.paused = false, false
	synctest.Wait()
	m.consistent()
	if m.src.State().Phase == source.Refused {
		if m.IntN(2) == 0 {
			m.browser.PageEvent(source.Resume)
		} else {
			m.src.RetryNow()
		}
	}
	synctest.Wait()
}

// connected waits for the page to come, if it has no connection, fails it a few
// times, and greets it. A proxy that holds streams back leaves those unanswered.
func (m *model) connected() {
	m.revive()
	for m.meet(); len(m.conns) == 0; m.meet() {
		<-time.After(time.Second)
		m.revive()
	}
}

// meet deals with all connections that have come.
func (m *model) meet() {
	m.conns = slices.DeleteFunc(m.conns, func(c *modelConn) bool {
		if released(c.Conn) {
			m.old = append(m.old, c.Conn)
		}
		return released(c.Conn)
	})
	for _, from := range []*sourcetest.Transport{m.first, m.second} {
		for from.Waiting() > 0 && !(m.holds && from == m.first) {
			m.treat(&modelConn{Conn: from.Next(), falls: from == m.second})
		}
	}
}

// treat greets a connection, or does not.
func (m *model) treat(c *modelConn) {
	if released(c.Conn) { // given up while nobody answered
		m.old = append(m.old, c.Conn)
		return
	}
	switch m.IntN(10) {
	case 0, 1:
		c.Reject()
	case 2:
		c.Send(sourcetest.Fault(wire.Fault{Error: *fault.New(fault.Unavailable, "not now")}))
	case 3:
		c.Send(sourcetest.Fault(wire.Fault{Error: *fault.New(fault.Forbidden, "not you")}))
	case 4, 5: // silence: the page comes again by itself
	case 6:
		c.Break()
	default:
		m.greet(c)
		return
	}
	m.old = append(m.old, c.Conn)
}

// greet begins a stream where the page stands, or with a reset.
func (m *model) greet(c *modelConn) {
	if c.falls {
		m.fallen++
	}
	m.conns = append(m.conns, c)
	asked, err := event.ParseID(parameter(c.Conn, "after"))
	lost := asked.Epoch() != m.position(0).Epoch() || asked.Seq()+1 < m.oldest || asked.Seq() > m.head
	switch {
	case err != nil:
		c.sent = m.oldest - 1
		m.say(c, m.hello(wire.Live, m.position(c.sent)))
	case lost:
		m.say(c, m.hello(wire.Reset, event.ID{}))
		if m.IntN(4) == 0 {
			m.end(c) // between the two
			return
		}
		c.sent = m.oldest - 1
		m.say(c, sourcetest.Reset(m.position(c.sent), wire.Purged))
	default:
		c.sent = asked.Seq()
		m.say(c, m.hello(wire.Resumed, asked))
	}
}

// hello promises heartbeats, so that the page notices when the server falls silent.
func (m *model) hello(mode wire.Mode, from event.ID) transport.Frame {
	return sourcetest.HelloFrom(wire.Hello{Epoch: from.Epoch(), Head: from, Mode: mode, Heartbeat: 15_000}, from)
}

// heartbeat has the id of the newest event sent: a page must not take it for that
// event, nor the event for a new one if it is sent again.
func (m *model) heartbeat(c *modelConn) transport.Frame {
	if c.sent < m.oldest {
		return sourcetest.Heartbeat(m.position(c.sent))
	}
	return sourcetest.Heartbeat(event.NewID(fmt.Sprint("e", m.epoch), c.sent, "key"))
}

// say sends frames of a stream, sometimes one by one.
func (m *model) say(c *modelConn, frames ...transport.Frame) {
	if m.IntN(2) == 0 {
		c.Send(frames...)
		return
	}
	for _, f := range frames {
		c.Send(f)
	}
}

// pump sends up to n more events on each stream, and again some that were sent
// before.
func (m *model) pump(n uint64) {
	m.connected()
	for _, c := range m.conns {
		to := min(c.sent+n, m.head)
		from := max(m.oldest, c.sent+1-min(c.sent, m.Uint64N(3)))
		var frames []transport.Frame
		for i := from; i <= to; i++ {
			frames = append(frames, m.event(i))
		}
		m.say(c, frames...)
		c.sent = max(c.sent, to)
	}
}

// some returns one of the streams, or all.
func (m *model) some() []*modelConn {
	if n := len(m.conns); n > 1 && m.IntN(2) == 0 {
		i := m.IntN(n)
		return slices.Clone(m.conns[i : i+1])
	}
	return slices.Clone(m.conns)
}

// end ends streams, which the page notices or is told.
func (m *model) end(conns ...*modelConn) {
	for _, c := range conns {
		if m.IntN(3) == 0 {
			c.Send(sourcetest.Bye(wire.Bye{Retry: m.IntN(5000)}))
		}
		c.Break()
	}
	m.kill(conns...)
}

// kill ends streams without a word: the page must notice by itself.
func (m *model) kill(conns ...*modelConn) {
	for _, c := range conns {
		m.old = append(m.old, c.Conn)
	}
	m.conns = slices.DeleteFunc(m.conns, func(c *modelConn) bool { return slices.Contains(conns, c) })
}

// speakLate has connections that the page has given up say things all the same.
func (m *model) speakLate() {
	synctest.Wait()
	for _, c := range m.old {
		if !released(c) || m.IntN(3) > 0 {
			continue
		}
		c.Accept()
		c.Send(m.hello(wire.Live, m.position(m.head)), m.event(m.head+1), sourcetest.Reset(m.position(m.head), wire.Purged))
		c.Break()
	}
}

// lose drops old events, or the whole log, with all streams of it.
func (m *model) lose() {
	m.end(m.conns...)
	if m.IntN(3) == 0 {
		m.epoch++
		m.oldest, m.head = 1, 0
		return
	}
	m.oldest += m.Uint64N(m.head - m.oldest + 2)
}

// settle ends the bad luck.
func (m *model) settle() {
	m.browser.GoOnline()
	m.head++
	for range 600 { // what the page was told of last may be a dead connection
		m.pump(m.head)
		for _, c := range m.conns {
			m.say(c, m.heartbeat(c))
		}
		<-time.After(time.Second)
		synctest.Wait()
		if n := len(m.list); m.src.State().Phase == source.Live && n > 0 && m.list[n-1] == m.head {
			return
		}
	}
}

// locked makes a source of random numbers safe for concurrent use.
func locked(rng *rand.Rand) func() float64 {
	var mu sync.Mutex
	return func() float64 {
		mu.Lock()
		defer mu.Unlock()
		return rng.Float64()
	}
}

func parameter(c *sourcetest.Conn, name string) string {
	u, _ := url.Parse(c.Request.URL) // of the source's own making
	return u.Query().Get(name)
}
