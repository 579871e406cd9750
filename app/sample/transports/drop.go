package transports

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/fault"
	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

const (
	// openTimeout is how long a bare connection may take to open.
	openTimeout = 5 * time.Second
	// observeTime is how long it is observed after the cut, at least: browsers wait up
	// to 5 s before they open an EventSource again, and as long as the server has
	// asked for, here up to 3 s.
	observeTime = 8 * time.Second
	// reconnectTimeout is how long an EventSource may take to reconnect.
	reconnectTimeout = 20 * time.Second
	// observeInterval is how often a connection is checked.
	observeInterval = 50 * time.Millisecond
)

// Drop makes the server cut the connections of all transports, and of two bare
// ones that only the browser can open again, without the kit.
func (r *Run) Drop() {
	r.experiment(func() *Stage { return &r.drop.Stage }, func(ctx context.Context) {
		sse, socket := observe(openBareEventSource, r.token), observe(openBareWebSocket, r.token)
		defer sse.close()
		defer socket.close()
		d, err := r.dropConnections(ctx, sse, socket)
		r.mu.Lock()
		defer r.mu.Unlock()
		if err != nil { // keep the result of an earlier one
			d = r.drop
			d.Failure = shown(err)
		}
		d.Stage = Finished
		r.drop = d
	})
}

// ErrPageLeft is the failure of an experiment whose connections were closed.
var ErrPageLeft = fault.New(fault.Unavailable, "the page was left in between")

func (r *Run) dropConnections(ctx context.Context, sse, socket *bare) (Drop, error) {
	look := time.NewTicker(observeInterval)
	defer look.Stop()
	for begin := time.Now(); !(sse.isOpen() && socket.isOpen()) && time.Since(begin) < openTimeout; {
		if !pause(ctx, look.C) {
			return Drop{}, ErrPageLeft
		}
	}
	for _, m := range r.measurements {
		m.drop()
	}
	sse.setCut()
	socket.setCut()
	begin := time.Now()
	dropped, err := command.Call(ctx, contract.Drop, contract.Page{Token: r.token})
	if err != nil {
		return Drop{}, err
	}
	for took := time.Duration(0); took < observeTime || took < reconnectTimeout && !sse.isDone(); took = time.Since(begin) {
		if !pause(ctx, look.C) {
			return Drop{}, ErrPageLeft
		}
	}
	return Drop{Cut: dropped.Cut, EventSource: sse.result(), WebSocket: socket.result()}, nil
}

// A bare connection is one of the browser's own, without the kit.
type bare struct {
	release func()

	mu      sync.Mutex
	opened  bool
	history StateHistory
	since   time.Time // of the cut; zero before it
}

// ready is the readyState of an open connection, of both kinds.
const ready = 1

// observe opens a bare connection and records its readyState.
func observe(open func(token string, changed func(state int)) (release func(), err error), token string) *bare {
	b := &bare{}
	release, err := open(token, b.changed)
	if err != nil {
		b.history.Absent, release = true, func() {}
	}
	b.release = release
	return b
}

func (b *bare) close() { b.release() }

// changed records a readyState.
func (b *bare) changed(state int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if n := len(b.history.States); n > 0 && b.history.States[n-1] == state {
		return
	}
	b.history.States = append(b.history.States, state)
	b.opened = b.opened || state == ready
	if state == ready && !b.since.IsZero() && b.history.Recovery == 0 {
		b.history.Recovery = time.Since(b.since)
	}
}

func (b *bare) isOpen() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := len(b.history.States)
	return n > 0 && b.history.States[n-1] == ready
}

// isDone reports whether the connection is back, or was not cut.
func (b *bare) isDone() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.history.Returned() || !b.history.WasCut()
}

// setCut records the time of the cut, and forgets the states before it.
func (b *bare) setCut() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.since = time.Now()
	b.history.Absent = b.history.Absent || !b.opened
	b.history.States = []int{ready}
}

func (b *bare) result() StateHistory {
	b.mu.Lock()
	defer b.mu.Unlock()
	t := b.history
	t.States = slices.Clone(t.States)
	t.Observed = time.Since(b.since)
	return t
}
