package source_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

// Whatever servers, proxies and logs do, the page ends with what the log holds
// and never saw an event twice, out of order or after a gap.
func TestThePageEndsWithTheLog(t *testing.T) {
	for seed := range uint64(200) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { runModel(t, rand.New(rand.NewPCG(seed, 1))) })
		})
	}
}

func runModel(t *testing.T, rng *rand.Rand) {
	m := &model{Rand: rng, Transport: sourcetest.NewTransport(), epoch: 1, first: 1}
	m.keeps = rng.IntN(2) == 0 // half of the logs lose nothing: then no reset may come
	src := source.New(source.Options{Topics: []string{"notes"}, Last: 1, Transport: m, Rand: rand.New(rand.NewPCG(rng.Uint64(), 2)).Float64})
	var list []uint64
	source.On(src, noted, func(e event.Of[note]) {
		if n := len(list); n > 0 && list[n-1]+1 != e.Value.N {
			t.Errorf("event %d came after %d", e.Value.N, list[n-1])
		}
		list = append(list, e.Value.N)
	})
	src.OnReset(func(wire.ResetInfo) {
		if m.keeps {
			t.Error("a reset, though nothing was lost")
		}
		list = nil
	})
	src.OnError(func(err error) { t.Error(err) })
	if err := src.Start(); err != nil {
		t.Fatal(err)
	}
	for range 150 {
		m.act()
	}
	m.settle()
	if len(list) == 0 || list[len(list)-1] != m.head || list[0] > m.first {
		t.Errorf("the page holds %v, the log %d to %d", list, m.first, m.head)
	}
	if m.keeps && uint64(len(list)) != m.head {
		t.Errorf("the page holds %d events of %d", len(list), m.head)
	}
	src.Close()
	<-src.Done()
}

// A model is a server with a log and much bad luck.
type model struct {
	*rand.Rand
	*sourcetest.Transport
	keeps bool // the log loses nothing

	epoch       int
	first, head uint64 // the events that the log holds

	conn *sourcetest.Conn // nil when there is none
	sent uint64           // the newest event on it
}

func (m *model) position(n uint64) event.ID { return event.Position(fmt.Sprint("e", m.epoch), n) }

func (m *model) event(n uint64) source.Frame {
	return sourcetest.Event(noted, event.NewID(fmt.Sprint("e", m.epoch), n, "key"), note{n})
}

// act does one thing at random.
func (m *model) act() {
	switch m.IntN(12) {
	case 0, 1, 2, 3:
		m.head += m.Uint64N(4)
	case 4, 5, 6:
		m.pump(m.Uint64N(5))
	case 7:
		m.say(sourcetest.Beat(m.position(m.sent)))
	case 8:
		m.end()
	case 9:
		if !m.keeps {
			m.lose()
		}
	case 10:
		<-time.After(time.Duration(m.Int64N(int64(20 * time.Second))))
	case 11:
		synctest.Wait()
	}
}

// connected waits for the page to come, fails it a few times, and greets it.
func (m *model) connected() {
	for m.conn == nil {
		m.conn = m.Next()
		for released(m.conn) { // given up while nobody answered
			m.conn = m.Next()
		}
		switch m.IntN(8) {
		case 0:
			m.conn.Reject()
		case 1:
			m.conn.Send(sourcetest.Fault(wire.Fault{Error: *fault.New(fault.Unavailable, "not now")}))
		case 2: // silence: the page comes again by itself
		case 3:
			m.conn.Break()
		default:
			m.greet()
			return
		}
		m.conn = nil
	}
}

// greet begins a stream where the page stands, or with a reset.
func (m *model) greet() {
	asked, err := event.ParseID(parameter(m.conn, "after"))
	lost := asked.Epoch() != m.position(0).Epoch() || asked.Seq()+1 < m.first || asked.Seq() > m.head
	switch {
	case err != nil:
		m.sent = m.first - 1
		m.say(sourcetest.Hello(wire.Live, m.position(m.sent)))
	case lost:
		m.say(sourcetest.Hello(wire.Reset, event.ID{}))
		if m.IntN(4) == 0 {
			m.end() // between the two
			m.connected()
			return
		}
		m.sent = m.first - 1
		m.say(sourcetest.Reset(m.position(m.sent), wire.Purged))
	default:
		m.sent = asked.Seq()
		m.say(sourcetest.Hello(wire.Resumed, asked))
	}
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
	m.conn = nil
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
	m.head++
	m.pump(m.head)
	synctest.Wait()
}

func parameter(c *sourcetest.Conn, name string) string {
	u, _ := url.Parse(c.Request.URL) // of the source's own making
	return u.Query().Get(name)
}
