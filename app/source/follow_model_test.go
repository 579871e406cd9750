package source_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
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

// Whatever is followed and unfollowed, and whatever servers and networks do, each
// topic's events come once and in order, from what was retained when it was followed.
func TestFollowedTopicsEndWithTheLog(t *testing.T) {
	seeds := uint64(200)
	if testing.Short() {
		seeds /= 4
	}
	var joined, resets, refused int
	for seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newTopicsModel(t, rand.New(rand.NewPCG(seed, 9)))
				m.run()
				joined, resets, refused = joined+m.joined, resets+m.resets, refused+m.refused
			})
		})
	}
	t.Log(joined, resets, refused)
	if joined == 0 || resets == 0 || refused == 0 {
		t.Errorf("%d topics were followed, %d resets, %d refusals: the model has lost its bad luck", joined, resets, refused)
	}
}

// modelTopics are the topics of a model, of which the server refuses the last.
var modelTopics = []string{"a", "b", "c", "d", "e", "secret"}

const modelLast = 3

// A topicsModel is a page that follows topics of a server with a log, and bad luck.
type topicsModel struct {
	*testing.T
	*rand.Rand
	server  *sourcetest.Transport
	browser *sourcetest.Environment
	src     *source.Source
	luck    func() float64

	wanted []string            // by the page
	lists  map[string][]uint64 // what it has of each topic: the topic's own numbers
	alone  map[string]bool     // it was given to Follow alone, and nothing was reset since

	keeps  bool     // the log loses nothing
	epoch  int      // of the log
	log    []string // the topic of event 1, 2, ...
	oldest uint64   // that it holds
	conns  []*topicsConn

	joined, resets, refused int
}

// A topicsConn is one stream.
type topicsConn struct {
	*sourcetest.Conn
	topics  []string
	sent    uint64
	catchUp bool
}

func newTopicsModel(t *testing.T, rng *rand.Rand) *topicsModel {
	return &topicsModel{
		T: t, Rand: rng, server: sourcetest.NewTransport(), browser: &sourcetest.Environment{}, luck: locked(rand.New(rand.NewPCG(rng.Uint64(), 6))),
		wanted: []string{"a"}, lists: map[string][]uint64{}, alone: map[string]bool{}, keeps: rng.IntN(2) == 0, epoch: 1, oldest: 1,
	}
}

func (m *topicsModel) run() {
	m.src = source.New(source.Options{
		Topics: slices.Clone(m.wanted), Last: modelLast, Rand: m.luck, Transport: m.server, Environment: m.browser, Probe: m.probe,
		Storage: &sourcetest.Storage{}, OriginStorage: &sourcetest.Storage{},
	})
	source.On(m.src, noted, m.take)
	m.src.OnReset(func(wire.ResetInfo) {
		if m.resets++; m.keeps {
			m.Error("a reset, though nothing was lost")
		}
		clear(m.lists)
		clear(m.alone)
	})
	m.src.OnError(m.report)
	if err := m.src.Start(); err != nil {
		m.Fatal(err)
	}
	for range 200 {
		m.act()
	}
	m.settle()
	m.src.Close()
	<-m.src.Done()
	if m.server.Unreleased() != 0 {
		m.Error("a connection is left")
	}
}

// take is the page's function for events.
func (m *topicsModel) take(e event.Of[note]) {
	list := m.lists[e.Topic]
	switch n := len(list); {
	case !slices.Contains(m.wanted, e.Topic):
		m.Errorf("event %d of %s, which is not followed", e.Value.N, e.Topic)
	case n > 0 && list[n-1]+1 != e.Value.N:
		m.Errorf("event %d of %s came after %d", e.Value.N, e.Topic, list[n-1])
	case n == 0 && m.alone[e.Topic]:
		m.joined++
		all := m.numbers(e.Topic)
		if first := all[max(0, len(all)-modelLast)]; e.Value.N > first {
			m.Errorf("%s begins with event %d, and %v are retained", e.Topic, e.Value.N, all)
		}
	}
	m.lists[e.Topic] = append(list, e.Value.N)
}

// report is the page's function for errors: it gives up what is refused.
func (m *topicsModel) report(err error) {
	var refused *source.FollowError
	if !errors.As(err, &refused) || !slices.Contains(refused.Topics, "secret") {
		m.Error(err)
		return
	}
	m.refused++
	m.wanted = slices.DeleteFunc(m.wanted, func(topic string) bool { return slices.Contains(refused.Topics, topic) })
}

// numbers returns the numbers within a topic of its retained events.
func (m *topicsModel) numbers(topic string) (all []uint64) {
	n := uint64(0)
	for i, of := range m.log {
		if of == topic {
			if n++; uint64(i)+1 >= m.oldest {
				all = append(all, n)
			}
		}
	}
	return all
}

// act does one thing at random.
func (m *topicsModel) act() {
	synctest.Wait() // what the model changes is read by the page's functions
	switch m.IntN(20) {
	case 0, 1, 2, 3:
		for range m.IntN(4) {
			m.log = append(m.log, modelTopics[m.IntN(len(modelTopics))])
		}
	case 4, 5, 6, 7, 8, 9:
		m.serve(m.Uint64N(6))
	case 10, 11:
		m.follow()
	case 12:
		m.unfollow()
	case 13:
		if len(m.conns) > 0 {
			m.end(m.IntN(len(m.conns)))
		}
	case 14:
		for _, c := range m.conns {
			c.Send(sourcetest.Heartbeat(m.position(c.sent)))
		}
	case 15, 16:
		<-time.After(time.Duration(m.Int64N(int64(10 * time.Second))))
	case 17:
		m.browser.PageEvent([]source.PageEvent{source.PageHide, source.PageShow, source.Resume, source.Focus}[m.IntN(4)])
	case 18:
		m.src.Drop()
	case 19:
		if !m.keeps && m.IntN(4) == 0 {
			m.lose()
		}
	}
}

func (m *topicsModel) follow() {
	topics := slices.Clone(modelTopics)
	m.Shuffle(len(topics), func(i, j int) { topics[i], topics[j] = topics[j], topics[i] })
	topics = topics[:1+m.IntN(2)]
	for _, topic := range topics {
		if !slices.Contains(m.wanted, topic) {
			m.wanted, m.alone[topic] = append(m.wanted, topic), len(topics) == 1
		}
	}
	if err := m.src.Follow(topics...); err != nil {
		m.Error(err)
	}
}

func (m *topicsModel) unfollow() {
	if len(m.wanted) == 0 { // all that was left was refused
		return
	}
	topic := m.wanted[m.IntN(len(m.wanted))]
	err := m.src.Unfollow(topic)
	if len(m.wanted) == 1 {
		if !errors.Is(err, source.ErrNoTopics) {
			m.Errorf("the last topic was unfollowed: %v", err)
		}
		return
	}
	if err != nil {
		m.Error(err)
	}
	m.wanted = slices.DeleteFunc(m.wanted, func(other string) bool { return other == topic })
	delete(m.lists, topic)
	delete(m.alone, topic)
}

func (m *topicsModel) probe(context.Context, string) (transport.Answer, error) {
	return transport.Answer{Status: 503}, nil
}

func (m *topicsModel) position(n uint64) event.ID { return event.Position(fmt.Sprint("e", m.epoch), n) }

// serve meets the connections that have come, and sends up to n more events of the log
// on each.
func (m *topicsModel) serve(n uint64) {
	synctest.Wait()
	for m.server.Waiting() > 0 {
		if c := m.server.Next(); !released(c) {
			m.meet(c)
		}
	}
	m.conns = slices.DeleteFunc(m.conns, func(c *topicsConn) bool { return released(c.Conn) })
	for _, c := range m.conns {
		for range n {
			if c.sent < uint64(len(m.log)) {
				m.send(c)
			}
		}
		if c.catchUp && c.sent == uint64(len(m.log)) {
			c.catchUp = false
			c.Send(sourcetest.Heartbeat(m.position(c.sent)))
		}
	}
	synctest.Wait()
}

// send sends the next event, if it is of the connection's topics, and sometimes twice.
func (m *topicsModel) send(c *topicsConn) {
	c.sent++
	topic, n := m.log[c.sent-1], uint64(0)
	if !slices.Contains(c.topics, topic) {
		return
	}
	for _, of := range m.log[:c.sent] {
		if of == topic {
			n++
		}
	}
	id := event.NewID(fmt.Sprint("e", m.epoch), c.sent, "key")
	for range 1 + m.IntN(8)/7 {
		c.Send(sourcetest.EventOn(noted, event.Meta{ID: id, Topic: topic, At: time.Unix(0, 0)}, note{n}))
	}
}

// meet answers a connection, or does not.
func (m *topicsModel) meet(conn *sourcetest.Conn) {
	u, err := url.Parse(conn.Request.URL)
	if err != nil {
		m.Fatal(err)
	}
	q := u.Query()
	c := &topicsConn{Conn: conn, topics: q["topic"], catchUp: q.Get("catchup") == "1" && m.IntN(4) > 0}
	if slices.Contains(c.topics, "secret") {
		c.Send(sourcetest.Fault(wire.Fault{Error: *fault.New(fault.Forbidden, "not for you")}))
		return
	}
	switch m.IntN(12) {
	case 0:
		c.Break()
		return
	case 1:
		c.Reject()
		return
	case 2:
		c.Send(sourcetest.Fault(wire.Fault{Error: *fault.New(fault.Unavailable, "not now")}))
		return
	case 3:
		return // silence
	}
	m.greet(c, q)
	m.conns = append(m.conns, c)
}

func (m *topicsModel) greet(c *topicsConn, q url.Values) {
	head := uint64(len(m.log))
	hello := func(mode wire.Mode, at event.ID) {
		c.Send(sourcetest.HelloFrom(wire.Hello{Epoch: m.position(0).Epoch(), Head: m.position(head), Mode: mode, Heartbeat: 15_000}, at))
	}
	asked, err := event.ParseID(q.Get("after"))
	switch {
	case err != nil:
		c.sent = m.window(c.topics)
		hello(wire.Live, m.position(c.sent))
	case asked.Epoch() != m.position(0).Epoch() || asked.Seq()+1 < m.oldest || asked.Seq() > head:
		c.sent = m.window(c.topics)
		hello(wire.Reset, event.ID{})
		c.Send(sourcetest.Reset(m.position(c.sent), wire.Purged))
	default:
		c.sent = asked.Seq()
		hello(wire.Resumed, asked)
	}
}

// window returns the position before the newest retained events of the topics.
func (m *topicsModel) window(topics []string) uint64 {
	at, n := uint64(len(m.log)), 0
	for i := len(m.log); i >= int(m.oldest) && n < modelLast; i-- {
		if slices.Contains(topics, m.log[i-1]) {
			at, n = uint64(i)-1, n+1
		}
	}
	return at
}

func (m *topicsModel) end(i int) {
	if m.IntN(3) > 0 { // otherwise without a word
		m.conns[i].Break()
	}
	m.conns = slices.Delete(m.conns, i, i+1)
}

// lose drops old events, or the whole log, with all streams of it.
func (m *topicsModel) lose() {
	for len(m.conns) > 0 {
		m.end(0)
	}
	if m.IntN(2) == 0 {
		m.epoch++
		m.log, m.oldest = nil, 1
		return
	}
	m.oldest += m.Uint64N(uint64(len(m.log)) - m.oldest + 2)
}

// settle ends the bad luck, and compares what the page holds with the log.
func (m *topicsModel) settle() {
	m.browser.PageEvent(source.PageShow)
	m.log = append(m.log, modelTopics[:5]...)
	m.follow()
	for range 400 {
		m.serve(uint64(len(m.log)))
		for _, c := range m.conns {
			c.Send(sourcetest.Heartbeat(m.position(c.sent)))
		}
		<-time.After(time.Second)
		synctest.Wait()
		if m.src.State().Phase == source.Live && m.complete() && !slices.Contains(m.wanted, "secret") {
			return
		}
		m.src.RetryNow()
	}
	m.Errorf("%s: of %q the page follows %q, and holds %v of %q", m.src.State().Phase, m.wanted, m.src.Topics(), m.lists, m.log)
}

// complete reports whether the page holds the newest of each topic.
func (m *topicsModel) complete() bool {
	for _, topic := range m.wanted {
		list, all := m.lists[topic], m.numbers(topic)
		if len(list) == 0 || list[len(list)-1] != all[len(all)-1] {
			return false
		}
	}
	return slices.Equal(slices.Sorted(slices.Values(m.src.Topics())), slices.Sorted(slices.Values(m.wanted)))
}
