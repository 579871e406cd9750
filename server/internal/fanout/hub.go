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
	log      eventlog.Log
	opts     Options
	logSlots chan struct{} // has an entry for each read of the log

	ready     chan struct{} // closed when the ring is first filled
	readyOnce sync.Once
	fetches   fetches
	replays   replays
	retained  retained
	pages     atomic.Uint64 // read for readers that were behind

	frames  [][]byte // scratch for Run's goroutine, which alone pushes
	touched []*topic // likewise

	mu          sync.RWMutex
	ring        *ring          // nil until the log was first reached
	state       eventlog.State // of the ring's log, as last fetched
	target      uint64         // the head that the ring must reach to be ready
	unavailable error          // why the log is out of reach, or nil
	waiters     []waiter       // for events that are ahead of this node
}

// New returns a Hub for the log. It serves nothing until [Hub.Run] runs.
func New(log eventlog.Log, opts Options) *Hub {
	opts = opts.withDefaults()
	return &Hub{
		log: log, opts: opts,
		logSlots: make(chan struct{}, opts.LogReads),
		ready:    make(chan struct{}),
		fetches:  fetches{byOffset: map[Offset]*fetch{}},
	}
}

// Ready returns a channel that is closed once the ring has first been filled
// with what the log held when Run began. Until then [Hub.Open] blocks. It does
// not wait for events that are published meanwhile: in a log that grows as fast
// as it is read no reader could ever begin.
func (h *Hub) Ready() <-chan struct{} { return h.ready }

// Health returns nil, or why the log is out of reach, until the tail has caught
// up again. Readers of the ring are not affected.
func (h *Hub) Health() error {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.unavailable
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
// continues after outages. If the log is replaced, or its retention overtakes
// the tail, it starts over with a new ring, and the cursors of the old one get
// [ErrLost]. Each time that retention overtakes it before the ring is filled,
// the next ring begins half as deep: in a log that loses its oldest events as
// fast as it is read, a tail from the beginning would never catch up.
func (h *Hub) Run(ctx context.Context) error {
	for depth := h.opts.MaxEvents; ; {
		state, err := h.awaitState(ctx)
		if err != nil {
			return err
		}
		filled := false
		err = h.log.Tail(ctx, h.begin(state, depth), func(batch []event.Event, err error) {
			switch {
			case err != nil:
				h.setUnavailable(err)
			case len(batch) == 0:
				filled = true
				h.caughtUp(state)
			default:
				h.push(batch)
			}
		})
		if !errors.Is(err, eventlog.ErrGap) {
			return err
		}
		if depth /= 2; filled {
			depth = h.opts.MaxEvents
		}
	}
}

// awaitState fetches the log's state, and retries until there is an answer.
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
		h.setUnavailable(err)
		select {
		case <-ctx.Done():
			return state, ctx.Err()
		case <-time.After(pause):
		}
	}
}

// begin starts a ring over the newest part of the log, at most depth events, and
// returns the number to tail from. Cursors of an earlier ring get ErrLost.
func (h *Hub) begin(s eventlog.State, depth int) (from uint64) {
	from = max(s.First, 1)
	if size := uint64(depth); s.Last >= size {
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
// without the lock, and wakes under a read lock, so that readers that it has
// woken already can go on: waking 1,000 takes 50 us.
func (h *Hub) push(batch []event.Event) {
	began := h.began()
	for _, e := range batch {
		h.frames = append(h.frames, h.opts.Encode(e))
	}
	h.store(batch)
	h.mu.RLock()
	for _, t := range h.touched {
		t.wake()
	}
	h.mu.RUnlock()
	h.fannedOut(batch, began)
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

// caughtUp notes that the tail has delivered all events of the state in which
// it began. The newest events may have left the log already, so the head is at
// least its last number.
func (h *Hub) caughtUp(began eventlog.State) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.unavailable = nil
	if h.ring.head.Seq() < began.Last {
		h.ring.head = began.Position(began.Last)
	}
	h.releaseWaiters()
	h.readyOnce.Do(func() { close(h.ready) })
}

func (h *Hub) setUnavailable(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.unavailable = err
}
