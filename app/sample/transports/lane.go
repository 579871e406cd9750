package transports

import (
	"sync"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/shared/event"
	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

// A lane is one way to follow the topic, for as long as the page lives. Its
// source lives shorter.
type lane struct {
	kind contract.Kind

	mu    sync.Mutex // the source's goroutine writes, the page reads
	tally tally
	state source.State
	count contract.Count
	asked int
	held  int

	transport source.Transport
	src       *source.Source // nil while the lane is closed
}

// transports are made anew for each source: a socket is one source's.
var transports = map[contract.Kind]func() source.Transport{
	contract.Poll:        func() source.Transport { return source.Poll{Every: Interval} },
	contract.LongPoll:    func() source.Transport { return source.LongPoll{} },
	contract.WebSocket:   func() source.Transport { return &source.WebSocket{} },
	contract.EventSource: func() source.Transport { return source.EventSource{} },
	contract.Talk:        func() source.Transport { return &source.WebSocket{} },
}

// address is where a lane's stream is, whichever way it is followed.
func address(token string, kind contract.Kind) string {
	return "/events?" + contract.LaneParam + "=" + contract.Lane(token, kind)
}

// open follows the topic from now on. server tells the server's time.
func (l *lane) open(token string, server func() time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tally.restart()
	l.transport = transports[l.kind]()
	src := source.New(source.Options{
		URL: address(token, l.kind), Topics: []string{contract.Topic},
		Transport: l.transport, Share: source.ShareNever,
	})
	source.On(src, contract.Pulsed, func(e event.Of[contract.Pulse]) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.tally.heard(e.Value, time.Now())
	})
	src.OnState(func(s source.State) {
		at := server() // which takes the run's lock, and the run's comes before a lane's
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.src == src { // and not one that was closed
			l.state = s
			l.tally.became(s.Phase == source.Live, time.Now(), at)
		}
	})
	l.src = src
	if src.Start() != nil { // the state says why
		l.state = src.State()
	}
}

func (l *lane) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.src != nil {
		l.src.Close()
		l.src = nil
		l.state = source.State{}
	}
}

// drop notes that the lane is about to be cut.
func (l *lane) drop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tally.drop(time.Now())
}

// cost takes the server's figures.
func (l *lane) cost(c contract.Count) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.count = c
	if c.Requests > 0 {
		l.asked++
		l.held += min(1, c.Held)
	}
}

func (l *lane) live() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state.Phase == source.Live
}

func (l *lane) messages() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.tally.messages
}

// figures returns what is known of the lane. offset is what the server's clock
// is ahead of the page's.
func (l *lane) figures(now time.Time, offset time.Duration) *Lane {
	l.mu.Lock()
	defer l.mu.Unlock()
	f := &Lane{
		Phase: l.state.Phase, Reason: l.state.Reason.Text,
		Messages: l.tally.messages, Missed: l.tally.missed, CaughtUp: l.tally.caughtUp,
		Reconnects: l.tally.reconnects, Back: l.tally.back, Bars: l.tally.chart(now),
		Count: l.count, Asked: l.asked, HeldThen: l.held,
	}
	f.Median, f.Worst, f.Delayed = l.tally.delays(offset)
	return f
}
