//go:build !js

package source_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// However tabs come, go, hang and crash, and whatever the server does meanwhile,
// each ends with what the log holds, never saw an event twice, out of order or
// after a gap, and all have one connection in the end.
func TestEveryTabEndsWithTheLog(t *testing.T) {
	for seed := range uint64(200) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { runTabs(t, rand.New(rand.NewPCG(seed, 3))) })
		})
	}
}

func runTabs(t *testing.T, rng *rand.Rand) {
	m := &tabsModel{Rand: rng, t: t, server: sourcetest.NewTransport(), epoch: 1, first: 1}
	m.keeps = rng.IntN(2) == 0
	m.browser = &source.Browser{Rand: rand.New(rand.NewPCG(rng.Uint64(), 4))}
	if rng.IntN(3) == 0 {
		m.browser.Loses = 0.1
	}
	for range 3 {
		m.open()
	}
	for range 200 {
		m.act()
	}
	m.settle()
	for _, tab := range m.tabs {
		m.check(tab)
	}
	if n := m.server.Unreleased(); n != 1 {
		t.Errorf("%d tabs have %d connections", len(m.tabs), n)
	}
	for len(m.tabs) > 0 {
		m.close(0)
	}
	if n := m.server.Unreleased(); n != 0 {
		t.Errorf("%d connections are left", n)
	}
}

// A tabsModel is a browser with tabs, and a server with a log.
type tabsModel struct {
	*rand.Rand
	t       *testing.T
	browser *source.Browser
	server  *sourcetest.Transport
	keeps   bool // the log loses nothing

	epoch int
	first uint64   // the oldest event that the log holds
	log   []uint64 // each event's value, from the first that there ever was
	value uint64   // that of the newest; none is given twice
	tabs  []*simTab
	conns []*simConn
}

// A simTab is a tab with a page in it.
type simTab struct {
	*source.Tab
	src  *source.Source
	seq  uint64 // of the newest event; 0 is none
	list []uint64
}

// A simConn is one connection with the newest event on it.
type simConn struct {
	*sourcetest.Conn
	sent uint64
}

func (m *tabsModel) head() uint64 { return uint64(len(m.log)) }

// at returns the id of an event that the log holds, or else a position.
func (m *tabsModel) at(n uint64) event.ID {
	epoch := fmt.Sprint("e", m.epoch)
	if n < m.first || n > m.head() {
		return event.Position(epoch, n)
	}
	return event.NewID(epoch, n, fmt.Sprint("key", m.log[n-1]))
}

func (m *tabsModel) append(n uint64) {
	for range n {
		m.value++
		m.log = append(m.log, m.value)
	}
}

// open opens a tab: drawn with some of the log, or empty.
func (m *tabsModel) open() {
	tab := &simTab{Tab: m.browser.NewTab()}
	opts := source.Options{Topics: []string{"notes"}, Last: 1 << 20, Rand: rand.New(rand.NewPCG(m.Uint64(), 5)).Float64}
	opts.Transport = tab.Share(m.server)
	if m.IntN(2) == 0 {
		tab.seq = m.first - 1 + m.Uint64N(m.head()-m.first+2)
		tab.list = slices.Clone(m.log[m.first-1 : tab.seq])
		opts.After = m.at(tab.seq)
	}
	tab.src = source.New(opts)
	source.On(tab.src, noted, func(e event.Of[note]) {
		if tab.seq > 0 && e.ID.Seq() != tab.seq+1 {
			m.t.Errorf("event %d came after %d", e.ID.Seq(), tab.seq)
		}
		tab.seq = e.ID.Seq()
		tab.list = append(tab.list, e.Value.N)
	})
	tab.src.OnReset(func(wire.ResetInfo) {
		if m.keeps {
			m.t.Error("a reset, though nothing was lost")
		}
		tab.list, tab.seq = nil, 0
	})
	tab.src.OnError(func(err error) { m.t.Error(err) })
	if err := tab.src.Start(); err != nil {
		m.t.Fatal(err)
	}
	m.tabs = append(m.tabs, tab)
}

// check compares what the tab holds with the log, of which the tab may remember
// more.
func (m *tabsModel) check(tab *simTab) {
	want := m.log[m.first-1:]
	if held := tab.list[max(0, len(tab.list)-len(want)):]; !slices.Equal(held, want) {
		m.t.Errorf("a tab holds %v, the log %v; it is %+v", tab.list, want, tab.src.State())
	}
	if tab.src.State().Phase != source.Live {
		m.t.Errorf("a tab is %+v", tab.src.State())
	}
}

func (m *tabsModel) close(i int) {
	tab := m.tabs[i]
	m.tabs = slices.Delete(m.tabs, i, i+1)
	tab.src.Close()
	<-tab.src.Done()
}

// act does one thing at random.
func (m *tabsModel) act() {
	switch m.IntN(20) {
	case 0, 1, 2, 3:
		m.append(m.Uint64N(4))
	case 4, 5, 6, 7:
		m.serve(m.Uint64N(5))
	case 8:
		for _, c := range m.conns {
			c.Send(sourcetest.Beat(m.at(c.sent)))
		}
	case 9:
		m.cut(m.IntN(len(m.conns) + 1))
	case 10:
		if !m.keeps {
			m.lose()
		}
	case 11, 12:
		<-time.After(time.Duration(m.Int64N(int64(20 * time.Second))))
	case 13, 14:
		<-time.After(time.Duration(m.Int64N(int64(100 * time.Millisecond))))
	case 15:
		if len(m.tabs) < 6 {
			m.open()
		}
	case 16:
		if len(m.tabs) > 1 {
			m.crash(m.IntN(len(m.tabs)))
		}
	case 17:
		if len(m.tabs) > 1 {
			m.close(m.IntN(len(m.tabs)))
		}
	case 18:
		m.tabs[m.IntN(len(m.tabs))].Hang()
	case 19:
		m.tabs[m.IntN(len(m.tabs))].Wake()
	}
}

func (m *tabsModel) crash(i int) {
	m.tabs[i].Crash()
	m.close(i)
}

// serve greets those who have come and sends each up to n more events.
func (m *tabsModel) serve(n uint64) {
	synctest.Wait()
	m.conns = slices.DeleteFunc(m.conns, func(c *simConn) bool { return released(c.Conn) })
	for m.server.Waiting() > 0 {
		m.greet(m.server.Next())
	}
	for _, c := range m.conns {
		to := min(c.sent+n, m.head())
		from := max(m.first, c.sent+1-min(c.sent, m.Uint64N(3)))
		var frames []source.Frame
		for i := from; i <= to; i++ {
			frames = append(frames, sourcetest.Event(noted, m.at(i), note{m.log[i-1]}))
		}
		c.Send(frames...)
		c.sent = max(c.sent, to)
	}
}

// greet begins a stream where the tab stands, or with a reset, or fails it.
func (m *tabsModel) greet(conn *sourcetest.Conn) {
	if m.IntN(6) == 0 {
		conn.Break()
		return
	}
	c := &simConn{Conn: conn}
	asked, err := event.ParseID(parameter(conn, "after"))
	switch {
	case err != nil:
		c.sent = m.first - 1
		c.Send(m.hello(wire.Live, m.at(c.sent)))
	case asked != m.at(asked.Seq()) && !asked.IsPosition() && asked.Seq() >= m.first, asked.Epoch() != m.at(0).Epoch(), asked.Seq()+1 < m.first, asked.Seq() > m.head():
		c.sent = m.first - 1
		c.Send(m.hello(wire.Reset, event.ID{}))
		c.Send(sourcetest.Reset(m.at(c.sent), wire.Purged))
	default:
		c.sent = asked.Seq()
		c.Send(m.hello(wire.Resumed, asked))
	}
	m.conns = append(m.conns, c)
}

func (m *tabsModel) hello(mode wire.Mode, at event.ID) source.Frame {
	return sourcetest.HelloFrom(wire.Hello{Epoch: fmt.Sprint("e", m.epoch), Mode: mode, Beat: 15_000}, at)
}

// cut ends a connection, or all of them.
func (m *tabsModel) cut(i int) {
	for j, c := range m.conns {
		switch {
		case j != i && i != len(m.conns):
		case m.IntN(2) == 0:
			c.Send(sourcetest.Bye(wire.Bye{Retry: m.IntN(5000)}))
		default:
			c.Break()
		}
	}
	m.conns = slices.DeleteFunc(m.conns, func(c *simConn) bool { released(c.Conn); return i == len(m.conns) })
}

// lose drops old events or the whole log, with all streams or under them; or,
// as a power cut may, the newest events, whose numbers are given again.
func (m *tabsModel) lose() {
	what := m.IntN(4)
	if what == 0 || m.IntN(2) == 0 {
		m.cut(len(m.conns))
	}
	left := m.head() - m.first + 1
	switch what {
	case 0:
		m.log = m.log[:m.head()-m.Uint64N(left+1)]
	case 1:
		m.epoch++
		m.first, m.log = 1, nil
	default:
		m.first += m.Uint64N(left + 1)
	}
	for _, c := range m.conns {
		if what == 1 || c.sent+1 < m.first {
			c.sent = m.first - 1
			c.Send(sourcetest.Reset(m.at(c.sent), wire.Replaced))
		}
	}
}

// settle ends the bad luck.
func (m *tabsModel) settle() {
	m.browser.Behave()
	for _, tab := range m.tabs {
		tab.Wake()
	}
	m.append(1)
	for range 300 {
		m.serve(m.head())
		for _, c := range m.conns {
			c.Send(sourcetest.Beat(m.at(c.sent)))
		}
		<-time.After(time.Second)
	}
}
