//go:build !js

package source_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/internal/tabs/tabstest"
	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// However tabs come, go, hang and crash, whatever each follows, and whatever the server
// does meanwhile, each ends with what the log holds of its topics, never saw an event
// twice, out of order or after a gap, and all have one connection in the end.
func TestTabsEndWithTheLog(t *testing.T) {
	seeds := uint64(200)
	if testing.Short() {
		seeds /= 4
	}
	for seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { runTabs(t, rand.New(rand.NewPCG(seed, 3)), "notes") })
		})
		if seed%4 == 3 {
			continue
		}
		t.Run(fmt.Sprint("seed ", seed, ", different topics"), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { runTabs(t, rand.New(rand.NewPCG(seed, 7)), "a", "b", "c", "shouts") })
		})
	}
}

func runTabs(t *testing.T, rng *rand.Rand, topics ...string) {
	m := &tabsModel{Rand: rng, t: t, topics: topics, server: sourcetest.NewTransport(), epoch: 1, first: 1}
	m.keeps = rng.IntN(2) == 0
	m.browser = &tabstest.Browser{Rand: rand.New(rand.NewPCG(rng.Uint64(), 4))}
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
	browser *tabstest.Browser
	server  *sourcetest.Transport
	keeps   bool // the log loses nothing
	settled bool // the server refuses nobody any more

	topics []string
	epoch  int
	first  uint64  // the oldest event that the log holds
	log    []shout // from the first event that there ever was
	value  uint64  // that of the newest; none is given twice
	tabs   []*simTab
	conns  []*simConn
}

// A shout is an event, of its own type on the topic of shouts: only tabs that follow
// that listen for it.
type shout struct {
	N     uint64 // its value
	Topic string
	Nth   int // of its topic
}

var (
	shouted = event.Define[shout]("test.shouted")
	spoken  = event.Define[shout]("test.spoken")
)

// A simTab is a tab with a page in it.
type simTab struct {
	*tabstest.Tab
	src    *source.Source
	mu     sync.Mutex // for the one call that Unfollow may find running
	topics []string
	lists  map[string][]shout // by topic
}

// A simConn is one connection with the newest event on it.
type simConn struct {
	*sourcetest.Conn
	topics  []string
	sent    uint64
	catchUp bool
}

func (m *tabsModel) head() uint64 { return uint64(len(m.log)) }

// at returns the id of an event that the log holds, or else a position.
func (m *tabsModel) at(n uint64) event.ID {
	epoch := fmt.Sprint("e", m.epoch)
	if n < m.first || n > m.head() {
		return event.Position(epoch, n)
	}
	return event.NewID(epoch, n, fmt.Sprint("key", m.log[n-1].N))
}

func (m *tabsModel) append(n uint64) {
	for range n {
		m.value++
		topic := m.topics[m.IntN(len(m.topics))]
		m.log = append(m.log, shout{m.value, topic, m.count(topic) + 1})
	}
}

func (m *tabsModel) count(topic string) (n int) {
	for _, e := range m.log {
		if e.Topic == topic {
			n = e.Nth
		}
	}
	return n
}

// held returns what the log holds of a topic, up to an event.
func (m *tabsModel) held(topic string, upTo uint64) (all []shout) {
	for n := m.first; n <= upTo; n++ {
		if e := m.log[n-1]; e.Topic == topic {
			all = append(all, e)
		}
	}
	return all
}

// some returns one topic or more.
func (m *tabsModel) some() (topics []string) {
	for len(topics) == 0 {
		for _, topic := range m.topics {
			if m.IntN(2) == 0 {
				topics = append(topics, topic)
			}
		}
	}
	return topics
}

// open opens a tab: drawn with some of the log, or empty.
func (m *tabsModel) open() {
	tab := &simTab{Tab: m.browser.NewTab(), topics: m.some(), lists: map[string][]shout{}}
	opts := source.Options{Topics: tab.topics, Last: 1 << 20, Rand: rand.New(rand.NewPCG(m.Uint64(), 5)).Float64}
	opts.Transport = tab.Share(m.server)
	if m.IntN(2) == 0 {
		seq := m.first - 1 + m.Uint64N(m.head()-m.first+2)
		for _, topic := range tab.topics {
			tab.lists[topic] = m.held(topic, seq)
		}
		opts.After = m.at(seq)
	}
	tab.src = source.New(opts)
	take := func(e event.Of[shout]) {
		tab.mu.Lock()
		defer tab.mu.Unlock()
		if !slices.Contains(tab.topics, e.Topic) {
			return
		}
		list := tab.lists[e.Topic]
		if n := len(list); n > 0 && list[n-1].Nth+1 != e.Value.Nth || e.Topic != e.Value.Topic {
			m.t.Errorf("event %v of %s came after %v", e.Value, e.Topic, list)
		}
		tab.lists[e.Topic] = append(list, e.Value)
	}
	source.On(tab.src, spoken, take)
	if slices.Contains(tab.topics, "shouts") {
		source.On(tab.src, shouted, take)
	}
	tab.src.OnReset(func(wire.ResetInfo) {
		if m.keeps {
			m.t.Error("a reset, though nothing was lost")
		}
		tab.mu.Lock()
		defer tab.mu.Unlock()
		clear(tab.lists)
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
	for _, topic := range tab.topics {
		list, want := tab.lists[topic], m.held(topic, m.head())
		if held := list[max(0, len(list)-len(want)):]; !slices.Equal(held, want) {
			m.t.Errorf("of %s of %q a tab holds %v, the log %v; it is %+v", topic, tab.topics, list, want, tab.src.State())
		}
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
	switch m.IntN(22) {
	case 20:
		m.follow(m.tabs[m.IntN(len(m.tabs))])
	case 21:
		m.unfollow(m.tabs[m.IntN(len(m.tabs))])
	case 0, 1, 2, 3:
		m.append(m.Uint64N(4))
	case 4, 5, 6, 7:
		m.serve(m.Uint64N(5))
	case 8:
		for _, c := range m.conns {
			c.Send(sourcetest.Heartbeat(m.at(c.sent)))
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

// follow has a tab follow more. Its page listens for shouts from the beginning or never.
func (m *tabsModel) follow(tab *simTab) {
	synctest.Wait()
	tab.mu.Lock()
	defer tab.mu.Unlock()
	for _, topic := range m.topics {
		if topic == "shouts" || slices.Contains(tab.topics, topic) || m.IntN(2) == 0 {
			continue
		}
		tab.topics = append(slices.Clip(tab.topics), topic)
		if err := tab.src.Follow(topic); err != nil {
			m.t.Error(err)
		}
	}
}

func (m *tabsModel) unfollow(tab *simTab) {
	synctest.Wait()
	tab.mu.Lock()
	defer tab.mu.Unlock()
	if len(tab.topics) < 2 {
		return
	}
	topic := tab.topics[m.IntN(len(tab.topics))]
	if topic == "shouts" {
		return
	}
	if err := tab.src.Unfollow(topic); err != nil {
		m.t.Error(err)
	}
	tab.topics = slices.DeleteFunc(slices.Clone(tab.topics), func(other string) bool { return other == topic })
	delete(tab.lists, topic)
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
		var frames []transport.Frame
		for i := from; i <= to; i++ {
			e := m.log[i-1]
			meta := event.Meta{ID: m.at(i), Topic: e.Topic, At: time.Unix(0, 0)}
			switch {
			case !slices.Contains(c.topics, e.Topic):
			case e.Topic != "shouts":
				frames = append(frames, sourcetest.EventOn(spoken, meta, e))
			case slices.Contains(c.Request.Names, shouted.Name()): // else the browser drops it
				frames = append(frames, sourcetest.EventOn(shouted, meta, e))
			}
		}
		c.Send(frames...)
		c.sent = max(c.sent, to)
		if c.catchUp && c.sent == m.head() {
			c.Send(sourcetest.Heartbeat(m.at(c.sent)))
			c.catchUp = false
		}
	}
}

// greet begins a stream where the tab stands, or with a reset, or fails it.
func (m *tabsModel) greet(conn *sourcetest.Conn) {
	if !m.settled && m.IntN(6) == 0 {
		conn.Break()
		return
	}
	c := &simConn{Conn: conn, topics: query(m.t, conn)["topic"], catchUp: parameter(conn, "catchup") == "1" && m.IntN(4) > 0}
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

func (m *tabsModel) hello(mode wire.Mode, at event.ID) transport.Frame {
	return sourcetest.HelloFrom(wire.Hello{Epoch: fmt.Sprint("e", m.epoch), Head: m.at(m.head()), Mode: mode, Heartbeat: 15_000}, at)
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
	m.settled = true
	// A connection for one tab more that has failed is tried again after minutes.
	for i := 0; i < 300 || i < 3000 && m.server.Unreleased() > 1; i++ {
		m.serve(m.head())
		for _, c := range m.conns {
			c.Send(sourcetest.Heartbeat(m.at(c.sent)))
		}
		<-time.After(time.Second)
	}
}
