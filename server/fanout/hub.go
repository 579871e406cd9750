package fanout

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// A Hub tails one log and serves its cursors. Make it with [New].
type Hub struct {
	log  eventlog.Log
	opts Options
	deep chan struct{} // a slot for each read of the log

	ready     chan struct{} // closed when the ring first holds all it should
	readyOnce sync.Once
	fetches   fetches
	pages     atomic.Uint64 // read for readers that were behind

	frames  [][]byte // scratch for Run's goroutine, which alone pushes
	touched []*topic // likewise

	mu      sync.RWMutex
	ring    *ring          // nil until the log was first reached
	state   eventlog.State // of the ring's log, as last asked for
	target  uint64         // the head that the ring must reach to be ready
	away    error          // why the log is out of reach, or nil
	waiters []waiter       // for events that are ahead of this node
}

// New returns a Hub for the log. It serves nothing until [Hub.Run] runs.
func New(log eventlog.Log, opts Options) *Hub {
	opts = opts.withDefaults()
	return &Hub{
		log: log, opts: opts,
		deep:    make(chan struct{}, opts.DeepReads),
		ready:   make(chan struct{}),
		fetches: fetches{bySpot: map[Spot]*fetch{}},
	}
}

// Ready is closed once the ring has been filled, for the first time, with what
// the log held when Run began. Until then [Hub.Open] blocks. It does not wait
// for what is published meanwhile: a log that grows as fast as it is read would
// never let anybody in, while it takes what they write.
func (h *Hub) Ready() <-chan struct{} { return h.ready }

// Health returns nil, or why the log is out of reach, until it has been caught up
// with again. Readers of the ring are
// not affected.
func (h *Hub) Health() error {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.away
}

// Head returns the epoch and the newest event's id on this node.
func (h *Hub) Head() (epoch string, head event.ID) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	if h.ring == nil {
		return "", event.ID{}
	}
	return h.ring.epoch, h.ring.head
}

// Run tails the log until ctx ends or the log is closed, and returns why. It
// outlives outages, and starts over if the log is replaced.
func (h *Hub) Run(ctx context.Context) error {
	for {
		state, err := h.awaitState(ctx)
		if err != nil {
			return err
		}
		err = h.log.Tail(ctx, h.begin(state), func(batch []event.Event, err error) {
			switch {
			case err != nil:
				h.setAway(err)
			case len(batch) == 0:
				h.caughtUp(state)
			default:
				h.push(batch)
			}
		})
		if !errors.Is(err, eventlog.ErrGap) {
			return err
		}
	}
}

// awaitState asks for the log's state until it answers.
func (h *Hub) awaitState(ctx context.Context) (eventlog.State, error) {
	const pause = 250 * time.Millisecond
	for {
		state, err := h.log.State(ctx)
		switch {
		case err == nil:
			return state, nil
		case errors.Is(err, eventlog.ErrClosed):
			return state, err
		}
		h.setAway(err)
		select {
		case <-ctx.Done():
			return state, ctx.Err()
		case <-time.After(pause):
		}
	}
}

// begin starts a ring over the newest part of the log and returns the number to
// tail from. Cursors of an earlier ring find it gone and are lost.
func (h *Hub) begin(s eventlog.State) (from uint64) {
	from = max(s.First, 1)
	if size := uint64(h.opts.MaxEvents); s.Last >= size {
		from = max(from, s.Last-size+1)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	old := h.ring
	h.state, h.target = s, s.Last
	h.ring = newRing(s.Position(from-1), h.opts.MaxEvents, h.opts.MaxBytes)
	if old != nil {
		old.replaced.Store(true)
		for _, g := range old.groups {
			g.wake()
		}
	}
	return from
}

// push appends a batch to the ring, then wakes the topics' readers. It encodes
// without the lock, and wakes beside the readers that it has woken already:
// 1,000 of them take it 50 us.
func (h *Hub) push(batch []event.Event) {
	for _, e := range batch {
		h.frames = append(h.frames, h.opts.Encode(e))
	}
	h.store(batch)
	h.mu.RLock()
	for _, t := range h.touched {
		t.wake()
	}
	h.mu.RUnlock()
	clear(h.frames)
	clear(h.touched)
	h.frames, h.touched = h.frames[:0], h.touched[:0]
}

// store appends the batch, encoded in h.frames, and notes the topics in
// h.touched.
func (h *Hub) store(batch []event.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i, e := range batch {
		t := h.ring.push(e, h.frames[i])
		if n := len(h.touched); n == 0 || h.touched[n-1] != t {
			h.touched = append(h.touched, t)
		}
	}
	h.releaseWaiters()
	if h.ring.head.Seq() >= h.target {
		h.readyOnce.Do(func() { close(h.ready) })
	}
}

// caughtUp notes that the tail has delivered all that there was when it began,
// in state began. The newest events may have left the log already, so the head
// is at least its last number.
func (h *Hub) caughtUp(began eventlog.State) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.away = nil
	if h.ring.head.Seq() < began.Last {
		h.ring.head = began.Position(began.Last)
	}
	h.releaseWaiters()
	h.readyOnce.Do(func() { close(h.ready) })
}

func (h *Hub) setAway(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.away = err
}
