package transports

import (
	"sync"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

// A measurement follows the topic by one transport, and records what it receives.
// It lives as long as the page; its source ends with each stop.
type measurement struct {
	kind contract.Kind

	mu          sync.Mutex // the source's goroutine writes, the page reads
	stats       stats
	state       source.State
	usage       contract.Usage
	samples     int
	samplesHeld int

	transport transport.Transport
	src       *source.Source // nil while the measurement is closed
}

// transports returns a new transport for each source: a socket is of one source.
var transports = map[contract.Kind]func() transport.Transport{
	contract.Poll:        func() transport.Transport { return transport.Poll{Every: Interval} },
	contract.LongPoll:    func() transport.Transport { return transport.LongPoll{} },
	contract.WebSocket:   func() transport.Transport { return &transport.WebSocket{} },
	contract.EventSource: func() transport.Transport { return transport.EventSource{} },
	contract.RoundTrip:   func() transport.Transport { return &transport.WebSocket{} },
}

// address returns the address of a transport's stream, whichever way it is
// followed.
func address(token string, kind contract.Kind) string {
	return "/events?" + contract.TransportParam + "=" + contract.TransportID(token, kind)
}

// open follows the topic from now on. server returns the server's time.
func (m *measurement) open(token string, server func() time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stats.restart()
	m.transport = transports[m.kind]()
	src := source.New(source.Options{
		URL: address(token, m.kind), Topics: []string{contract.Topic},
		Transport: m.transport, Share: source.ShareNever,
	})
	source.On(src, contract.Sent, func(e event.Of[contract.Message]) {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.stats.received(e.Value, time.Now())
	})
	src.OnState(func(s source.State) {
		at := server() // takes the run's lock, which comes before a measurement's
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.src == src { // and not one that was closed
			m.state = s
			m.stats.setLive(s.Phase == source.Live, time.Now(), at)
		}
	})
	m.src = src
	if src.Start() != nil { // the state says why
		m.state = src.State()
	}
}

func (m *measurement) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.src != nil {
		m.src.Close()
		m.src = nil
		m.state = source.State{}
	}
}

// drop records that the connection is about to be cut.
func (m *measurement) drop() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stats.drop(time.Now())
}

// setUsage takes the server's figures.
func (m *measurement) setUsage(c contract.Usage) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.usage = c
	if c.Requests > 0 {
		m.samples++
		m.samplesHeld += min(1, c.Held)
	}
}

func (m *measurement) live() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.state.Phase == source.Live
}

func (m *measurement) messages() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.stats.messages
}

// result returns what was measured. offset is how far the server's clock is ahead
// of the page's.
func (m *measurement) result(now time.Time, offset time.Duration) *Result {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := &Result{
		Phase: m.state.Phase, Reason: m.state.Reason.Text,
		Messages: m.stats.messages, Missed: m.stats.missed, CaughtUp: m.stats.caughtUp,
		Reconnects: m.stats.reconnects, Recovery: m.stats.recovery, Bars: m.stats.chart(now),
		Usage: m.usage, Samples: m.samples, SamplesHeld: m.samplesHeld,
	}
	f.Median, f.Worst, f.Delayed = m.stats.delays(offset)
	return f
}
