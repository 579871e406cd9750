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
	// openTime is how long a bare connection may take until it is there.
	openTime = 5 * time.Second
	// watchTime is for how long it is looked at after the cut, at least: browsers
	// wait up to 5 s before they open an EventSource again, and as long as the
	// server has asked for, here up to 3 s.
	watchTime = 8 * time.Second
	// patience is for how long an EventSource is waited for.
	patience = 20 * time.Second
	// lookEvery is how often.
	lookEvery = 50 * time.Millisecond
)

// Drop has the server cut the connections of all lanes, and of two more that
// the browser is left alone with: without the kit nobody but the browser opens
// them again.
func (r *Run) Drop() {
	r.experiment(func() *Stage { return &r.drop.Stage }, func(ctx context.Context) {
		sse, socket := watch(openBareEventSource, r.token), watch(openBareWebSocket, r.token)
		defer sse.close()
		defer socket.close()
		d, err := r.cut(ctx, sse, socket)
		r.mu.Lock()
		defer r.mu.Unlock()
		if err != nil { // what an earlier one has shown is still true
			d = r.drop
			d.Failure = words(err)
		}
		d.Stage = Tried
		r.drop = d
	})
}

// errLeft ends an experiment with the lanes.
var errLeft = fault.New(fault.Unavailable, "the page was left in between")

func (r *Run) cut(ctx context.Context, sse, socket *bare) (Drop, error) {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for begin := time.Now(); !(sse.isOpen() && socket.isOpen()) && time.Since(begin) < openTime; {
		if !pause(ctx, look.C) {
			return Drop{}, errLeft
		}
	}
	for _, l := range r.lanes {
		l.drop()
	}
	sse.begin()
	socket.begin()
	begin := time.Now()
	dropped, err := command.Call(ctx, contract.Drop, contract.Page{Token: r.token})
	if err != nil {
		return Drop{}, err
	}
	for took := time.Duration(0); took < watchTime || took < patience && !sse.isSettled(); took = time.Since(begin) {
		if !pause(ctx, look.C) {
			return Drop{}, errLeft
		}
	}
	return Drop{Cut: dropped.Cut, EventSource: sse.end(), WebSocket: socket.end()}, nil
}

// A bare connection is one of the browser's own, without the kit.
type bare struct {
	release func()

	mu     sync.Mutex
	opened bool
	trail  Trail
	since  time.Time // of the cut; zero before it
}

// The readyState that means open, of both kinds.
const ready = 1

// watch opens one and notes how its readyState goes.
func watch(open func(token string, changed func(state int)) (release func(), err error), token string) *bare {
	b := &bare{}
	release, err := open(token, b.changed)
	if err != nil {
		b.trail.Absent, release = true, func() {}
	}
	b.release = release
	return b
}

func (b *bare) close() { b.release() }

// changed takes a readyState.
func (b *bare) changed(state int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if n := len(b.trail.States); n > 0 && b.trail.States[n-1] == state {
		return
	}
	b.trail.States = append(b.trail.States, state)
	b.opened = b.opened || state == ready
	if state == ready && !b.since.IsZero() && b.trail.Back == 0 {
		b.trail.Back = time.Since(b.since)
	}
}

func (b *bare) isOpen() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := len(b.trail.States)
	return n > 0 && b.trail.States[n-1] == ready
}

// isSettled reports whether there is nothing more to wait for: it is back, or was
// not cut.
func (b *bare) isSettled() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.trail.Returned() || !b.trail.WasCut()
}

// begin marks the cut: what was before it is of no interest.
func (b *bare) begin() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.since = time.Now()
	b.trail.Absent = b.trail.Absent || !b.opened
	b.trail.States = []int{ready}
}

func (b *bare) end() Trail {
	b.mu.Lock()
	defer b.mu.Unlock()
	t := b.trail
	t.States = slices.Clone(t.States)
	t.Watched = time.Since(b.since)
	return t
}
