package eventlog

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/seawaykit/seaway/shared/event"
)

// Memory is a log in memory, for tests and demonstrations: it keeps every
// promise of a log but to outlive the process. It has no goroutines and applies
// its retention whenever it is used.
type Memory struct {
	epoch     string
	retention Retention
	done      chan struct{} // closed by Close

	mu     sync.Mutex
	closed bool
	grown  chan struct{} // closed and replaced by each append
	shelf  shelf
	keys   keyring
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
		shelf:     shelf{topics: map[string][]uint64{}},
		keys:      keyring{window: r.KeyWindow, uses: map[string]keyUse{}},
	}
}

// Append implements [Log].
func (m *Memory) Append(ctx context.Context, d event.Draft) (event.ID, error) {
	id, err := m.append(ctx, d)
	if err != nil {
		return event.ID{}, fmt.Errorf("append to %.160q: %w", d.Topic, err)
	}
	return id, nil
}

func (m *Memory) append(ctx context.Context, d event.Draft) (event.ID, error) {
	d, err := Admit(d, m.retention)
	if err != nil {
		return event.ID{}, err
	}
	now, unlock, err := m.enter(ctx)
	if err != nil {
		return event.ID{}, err
	}
	defer unlock()
	// The key comes before the expectation: a retry of an append that was
	// stored meets the topic it has changed itself.
	if use, ok := m.keys.recall(d.Key, now); ok {
		return use.answer(d)
	}
	if d.ExpectLast != nil && *d.ExpectLast != m.shelf.newest(d.Topic) {
		return event.ID{}, ErrConflict
	}
	return m.store(d, now)
}

// store puts the draft on the shelf and wakes the tails.
func (m *Memory) store(d event.Draft, now time.Time) (event.ID, error) {
	d.Data = bytes.Clone(d.Data) // the caller may use its own again
	id := event.NewID(m.epoch, m.shelf.last+1, d.Key)
	e, err := event.New(id, d, now)
	if err != nil {
		return event.ID{}, err
	}
	if d.Latest {
		m.shelf.clear(d.Topic)
	}
	m.shelf.put(e, int64(Size(d)), d.TTL)
	m.shelf.trim(m.retention, now)
	m.keys.remember(d, id, now)
	close(m.grown)
	m.grown = make(chan struct{})
	return id, nil
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
	_, unlock, err := m.enter(ctx)
	if err != nil {
		return Page{}, nil, err
	}
	defer unlock()
	events, more := m.shelf.from(from, max(limit, 1), topics)
	page := Page{Events: events, Next: max(from, m.shelf.last+1), Head: !more}
	if more {
		page.Next = events[len(events)-1].ID().Seq() + 1
	}
	return page, m.grown, nil
}

// State implements [Log].
func (m *Memory) State(ctx context.Context) (State, error) {
	_, unlock, err := m.enter(ctx)
	if err != nil {
		return State{}, fmt.Errorf("state: %w", err)
	}
	defer unlock()
	return State{Epoch: m.epoch, First: m.shelf.purged + 1, Last: m.shelf.last}, nil
}

// Close implements [Log], except that the events go with it.
func (m *Memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.closed {
		m.closed = true
		m.shelf, m.keys = shelf{}, keyring{}
		close(m.done)
	}
	return nil
}

// enter takes the lock and applies the retention. The caller must unlock.
func (m *Memory) enter(ctx context.Context) (now time.Time, unlock func(), err error) {
	if ctx.Err() != nil {
		return now, nil, Interrupted(ctx)
	}
	m.mu.Lock()
	if m.closed {
		m.mu.Unlock()
		return now, nil, ErrClosed
	}
	now = time.Now().UTC() // as every log gives it
	m.shelf.trim(m.retention, now)
	return now, m.mu.Unlock, nil
}

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
