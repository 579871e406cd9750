package eventlog

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/seawaykit/seaway/shared/event"
)

// Memory is a log in memory, for tests and demonstrations: it keeps every
// promise of a log, except that the events end with the process. It has no
// goroutines and applies its retention whenever it is used.
type Memory struct {
	epoch     string
	retention Retention
	done      chan struct{} // closed by Close

	mu     sync.Mutex
	closed bool
	grown  chan struct{} // closed and replaced by each append
	events memoryStore
	dedupe dedupeWindow
	values valueTable
}

var _ Log = (*Memory)(nil)

// NewMemory returns an empty log with an epoch of its own. The zero Retention
// stands for the defaults.
func NewMemory(r Retention) *Memory {
	r = r.WithDefaults()
	return &Memory{
		epoch:     NewEpoch(),
		retention: r,
		done:      make(chan struct{}),
		grown:     make(chan struct{}),
		events:    memoryStore{topics: map[string][]uint64{}},
		dedupe:    dedupeWindow{window: r.KeyWindow, uses: map[string]keyUse{}},
		values:    valueTable{values: map[string]Value{}, holds: map[string]uint64{}},
	}
}

// Read implements [Log].
func (m *Memory) Read(ctx context.Context, from uint64, limit int, topics ...string) (Page, error) {
	page, _, err := m.read(ctx, from, limit, topics)
	if err != nil {
		return Page{}, fmt.Errorf("read from %d: %w", from, err)
	}
	return page, nil
}

// read also returns a channel that is closed when the log has grown beyond the
// page.
func (m *Memory) read(ctx context.Context, from uint64, limit int, topics []string) (Page, <-chan struct{}, error) {
	if err := CheckTopics(topics); err != nil {
		return Page{}, nil, err
	}
	_, unlock, err := m.lock(ctx)
	if err != nil {
		return Page{}, nil, err
	}
	defer unlock()
	if from > 0 && from <= m.events.purged {
		return Page{}, nil, ErrGap
	}
	events, more := m.events.from(from, max(limit, 1), topics)
	page := Page{Events: events, Next: max(from, m.events.last+1), Head: !more}
	if more {
		page.Next = events[len(events)-1].ID().Seq() + 1
	}
	return page, m.grown, nil
}

// State implements [Log].
func (m *Memory) State(ctx context.Context) (State, error) {
	_, unlock, err := m.lock(ctx)
	if err != nil {
		return State{}, fmt.Errorf("state: %w", err)
	}
	defer unlock()
	return m.state(), nil
}

func (m *Memory) state() State {
	return State{
		Epoch: m.epoch, First: m.events.purged + 1, Last: m.events.last,
		Events: uint64(m.events.count()), Bytes: uint64(m.events.bytes), Retention: m.retention,
	}
}

// Close implements [Log], except that the events go with it.
func (m *Memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.closed {
		m.closed = true
		m.events, m.dedupe, m.values = memoryStore{}, dedupeWindow{}, valueTable{}
		close(m.done)
	}
	return nil
}

// Retention returns what the log keeps, with its defaults.
func (m *Memory) Retention() Retention { return m.retention }

// lock takes the lock and applies the retention. The caller must unlock.
func (m *Memory) lock(ctx context.Context) (now time.Time, unlock func(), err error) {
	if ctx.Err() != nil {
		return now, nil, Interrupted(ctx)
	}
	m.mu.Lock()
	if m.closed {
		m.mu.Unlock()
		return now, nil, ErrClosed
	}
	now = time.Now().UTC() // as every log returns it
	m.trim(now)
	return now, m.mu.Unlock, nil
}

// trim applies the retention to what no value holds.
func (m *Memory) trim(now time.Time) {
	limit, held := m.values.limit()
	if !held {
		limit = m.events.last
	}
	m.events.trim(m.retention, now, limit)
}

// isHeld reports whether a value holds events.
func (m *Memory) isHeld() bool { return len(m.values.holds) > 0 }

// tailBatch bounds a batch of Tail, so that a long replay does not hold
// everything at once.
const tailBatch = 256

// Tail implements [Log]. It never calls fn with an error.
func (m *Memory) Tail(ctx context.Context, from uint64, fn func([]event.Event, error)) error {
	err := m.tail(ctx, from, fn)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("tail from %d: %w", from, err)
}

func (m *Memory) tail(ctx context.Context, from uint64, fn func([]event.Event, error)) error {
	begin, err := m.State(ctx)
	if err != nil {
		return err
	}
	for caughtUp := false; ; {
		page, grown, err := m.read(ctx, from, tailBatch, nil)
		if err != nil {
			return err
		}
		if from = page.Next; len(page.Events) > 0 {
			fn(page.Events, nil)
		}
		if !caughtUp && from > begin.Last {
			caughtUp = true
			fn(nil, nil)
		}
		if !page.Head {
			continue
		}
		select {
		case <-ctx.Done():
		case <-m.done:
		case <-grown:
		}
	}
}
