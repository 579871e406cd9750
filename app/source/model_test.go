package source_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

// Whatever servers, proxies, logs, browsers and laptops do, the page ends with
// what a page loaded afresh would show, and never saw an event twice, out of
// order or after a gap.
func TestThePageEndsWithTheLog(t *testing.T) {
	var fallen, loaded int
	for seed := range uint64(300) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newModel(t, rand.New(rand.NewPCG(seed, 1)))
				m.run()
				fallen += m.fallen
				loaded += m.loaded
			})
		})
	}
	if fallen == 0 || loaded == 0 {
		t.Errorf("%d streams on the fallback, %d pages loaded again: the model has lost its bad luck", fallen, loaded)
	}
}

// A model is a page with a server that has a log, and much bad luck.
type model struct {
	*testing.T
	*rand.Rand
	*sourcetest.Transport // of the server: both of the page's lead to it
	browser               *sourcetest.Environment

	// The page. What it stores in OnBatch it has again after a reload.
	src         *source.Source
	list, saved []uint64
	storage     *sourcetest.Storage
	stores      bool
	away        bool // in the back/forward cache
	paused      bool

	// The server.
	keeps       bool // the log loses nothing: then no reset may come
	epoch       int
	first, head uint64             // the events that the log holds
	conn        *sourcetest.Conn   // nil when there is none, or it is dead
	old         []*sourcetest.Conn // all before it
	sent        uint64             // the newest event on it

	fallen, loaded int
}

func newModel(t *testing.T, rng *rand.Rand) *model {
	m := &model{
		T: t, Rand: rng, Transport: sourcetest.NewTransport(), browser: &sourcetest.Environment{},
		storage: &sourcetest.Storage{}, epoch: 1, first: 1,
	}
	m.keeps, m.stores = rng.IntN(2) == 0, rng.IntN(2) == 0
	return m
}

func (m *model) run() {
	m.load()
	for range 200 {
		m.act()
	}
	m.settle()
	n := len(m.list)
	if n == 0 || m.list[n-1] != m.head || m.list[0] > m.first {
		m.Errorf("the page holds %v, the log %d to %d", m.list, m.first, m.head)
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
		Topics: []string{"notes"}, Last: 1, Rand: rand.New(rand.NewPCG(m.Uint64(), 2)).Float64,
		Transport: called{m.Transport, "first"}, Fallback: called{m.Transport, "second"},
		Environment: m.browser, Probe: m.probe, Storage: m.storage, UnsafeResumeAfterReload: m.stores,
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
	if m.Unreleased() != 0 || m.browser.Watches() != 0 {
		m.Error("the page has left something behind")
	}
	m.away, m.paused = false, false
	m.loaded++
}

// act does one thing at random.
func (m *model) act() {
	switch m.IntN(24) {
	case 0, 1, 2, 3:
		m.head += m.Uint64N(4)
	case 4, 5, 6, 7, 8:
		m.pump(m.Uint64N(5))
	case 9, 10:
		m.say(m.beat())
	case 11:
		m.end()
	case 12:
		m.kill()
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
	default:
		m.disturb()
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
		m.browser.Poke(source.PageHide)
	case 5:
		m.away = false
		m.browser.Poke(source.PageShow)
	case 6:
		m.kill() // no connection outlives a sleep of any length
		m.browser.Sleep(time.Duration(m.Int64N(int64(2*time.Hour)) - int64(time.Hour)))
	case 7:
		m.browser.Poke([]source.Poke{source.Resume, source.Focus, source.VisibilityChange}[m.IntN(3)])
	case 8:
		m.paused = !m.paused
		m.src.Pause(m.paused)
	case 9:
		if m.src.Drop(); !m.keeps {
			m.src.Gap()
		}
	}
}

// probe answers by chance.
func (m *model) probe(context.Context, string) (source.Answer, error) {
	found := []source.Answer{
		{Status: 200, Type: "text/event-stream"}, {Status: 503, RetryAfter: "3"}, {Status: 401}, {Redirect: true},
	}
	return found[m.IntN(len(found))], nil
}

func (m *model) position(n uint64) event.ID { return event.Position(fmt.Sprint("e", m.epoch), n) }

func (m *model) event(n uint64) source.Frame {
	return sourcetest.Event(noted, event.NewID(fmt.Sprint("e", m.epoch), n, "key"), note{n})
}

// revive makes sure that the page is going to come by itself.
func (m *model) revive() {
	if m.away {
		m.browser.Poke(source.PageShow)
	}
	if m.paused {
		m.src.Pause(false)
	}
	m.away, m.paused = false, false
	synctest.Wait()
	if m.src.State().Phase == source.Refused {
		m.src.RetryNow()
	}
	synctest.Wait()
}

// connected waits for the page to come, fails it a few times, and greets it.
func (m *model) connected() {
	m.revive()
	if m.conn != nil && released(m.conn) {
		m.kill()
	}
	for m.conn == nil {
		m.revive()
		conn := m.Next()
		if released(conn) { // given up while nobody answered
			m.old = append(m.old, conn)
			continue
		}
		m.conn = conn
		switch m.IntN(10) {
		case 0, 1:
			m.conn.Reject()
		case 2:
			m.conn.Send(sourcetest.Fault(wire.Fault{Error: *fault.New(fault.Unavailable, "not now")}))
		case 3:
			m.conn.Send(sourcetest.Fault(wire.Fault{Error: *fault.New(fault.Forbidden, "not you")}))
		case 4, 5: // silence: the page comes again by itself
		case 6:
			m.conn.Break()
		default:
			m.greet()
			return
		}
		m.kill()
	}
}

// greet begins a stream where the page stands, or with a reset.
func (m *model) greet() {
	if m.src.State().Transport == "second" {
		m.fallen++
	}
	asked, err := event.ParseID(parameter(m.conn, "after"))
	lost := asked.Epoch() != m.position(0).Epoch() || asked.Seq()+1 < m.first || asked.Seq() > m.head
	switch {
	case err != nil:
		m.sent = m.first - 1
		m.say(m.hello(wire.Live, m.position(m.sent)))
	case lost:
		m.say(m.hello(wire.Reset, event.ID{}))
		if m.IntN(4) == 0 {
			m.end() // between the two
			m.connected()
			return
		}
		m.sent = m.first - 1
		m.say(sourcetest.Reset(m.position(m.sent), wire.Purged))
	default:
		m.sent = asked.Seq()
		m.say(m.hello(wire.Resumed, asked))
	}
}

// hello promises beats, so that the page notices when the server falls silent.
func (m *model) hello(mode wire.Mode, from event.ID) source.Frame {
	return sourcetest.HelloFrom(wire.Hello{Epoch: from.Epoch(), Head: from, Mode: mode, Beat: 15_000}, from)
}

// beat has the id of the newest event sent: a page must not take it for that
// event, nor the event for a new one if it is sent again.
func (m *model) beat() source.Frame {
	if m.sent < m.first {
		return sourcetest.Beat(m.position(m.sent))
	}
	return sourcetest.Beat(event.NewID(fmt.Sprint("e", m.epoch), m.sent, "key"))
}

// say sends frames of the stream, sometimes one by one.
func (m *model) say(frames ...source.Frame) {
	if m.conn == nil {
		return
	}
	if m.IntN(2) == 0 {
		m.conn.Send(frames...)
		return
	}
	for _, f := range frames {
		m.conn.Send(f)
	}
}

// pump sends up to n more events, and again some that were sent before.
func (m *model) pump(n uint64) {
	m.connected()
	to := min(m.sent+n, m.head)
	from := max(m.first, m.sent+1-min(m.sent, m.Uint64N(3)))
	var frames []source.Frame
	for i := from; i <= to; i++ {
		frames = append(frames, m.event(i))
	}
	m.say(frames...)
	m.sent = max(m.sent, to)
}

// end ends the stream, which the page notices or is told.
func (m *model) end() {
	if m.conn == nil {
		return
	}
	if m.IntN(3) == 0 {
		m.conn.Send(sourcetest.Bye(wire.Bye{Retry: m.IntN(5000)}))
	}
	m.conn.Break()
	m.kill()
}

// kill ends the stream without a word: the page must notice by itself.
func (m *model) kill() {
	if m.conn != nil {
		m.old = append(m.old, m.conn)
	}
	m.conn = nil
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
	m.end()
	if m.IntN(3) == 0 {
		m.epoch++
		m.first, m.head = 1, 0
		return
	}
	m.first += m.Uint64N(m.head - m.first + 2)
}

// settle ends the bad luck.
func (m *model) settle() {
	m.browser.GoOnline()
	m.head++
	m.pump(m.head)
	<-time.After(time.Second)
	synctest.Wait()
}

func parameter(c *sourcetest.Conn, name string) string {
	u, _ := url.Parse(c.Request.URL) // of the source's own making
	return u.Query().Get(name)
}
