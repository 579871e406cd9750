package eventlog

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/seawaykit/seaway/shared/event"
)

// Append implements [Log].
func (m *Memory) Append(ctx context.Context, d event.Draft) (event.ID, error) {
	d, err := Admit(d, m.retention)
	var ids []event.ID
	if err == nil {
		ids, err = m.appendTraced(ctx, []event.Draft{d})
	}
	if err != nil {
		return event.ID{}, fmt.Errorf("append to %.160q: %w", d.Topic, err)
	}
	return ids[0], nil
}

// AppendAll implements [Log].
func (m *Memory) AppendAll(ctx context.Context, drafts []event.Draft) ([]event.ID, error) {
	admitted, err := AdmitAll(drafts, m.retention)
	var ids []event.ID
	if err == nil {
		ids, err = m.appendTraced(ctx, admitted)
	}
	if err != nil {
		return nil, fmt.Errorf("append %d events: %w", len(drafts), err)
	}
	return ids, nil
}

// appendTraced appends drafts, of which there is one at least.
func (m *Memory) appendTraced(ctx context.Context, drafts []event.Draft) ([]event.ID, error) {
	ctx, end := TraceAppend(ctx, drafts[0].Topic, drafts[0].Type, len(drafts))
	ids, err := m.append(ctx, drafts)
	if end != nil {
		end(ids, err)
	}
	return ids, err
}

func (m *Memory) append(ctx context.Context, drafts []event.Draft) ([]event.ID, error) {
	now, unlock, err := m.lock(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	// The key comes before the expectation: a retry of an append that was
	// stored meets the topic it has changed itself.
	d := drafts[0]
	if use, ok := m.dedupe.lookup(d.Key, now); ok {
		return use.answer(d)
	}
	size := int64(0)
	for k, part := range drafts {
		if _, ok := m.dedupe.lookup(part.Key, now); ok && k > 0 {
			return nil, ErrKeyReused
		}
		size += int64(Size(part))
	}
	if d.ExpectLast != nil && *d.ExpectLast != m.events.newest(d.Topic) {
		return nil, ErrConflict
	}
	if m.isHeld() && m.events.reaches(m.retention, int64(len(drafts)), size) {
		return nil, ErrHeld
	}
	return m.store(drafts, now)
}

// store stores the drafts and wakes the tails.
func (m *Memory) store(drafts []event.Draft, now time.Time) ([]event.ID, error) {
	events := make([]event.Event, len(drafts))
	for k, d := range drafts {
		d.Data = bytes.Clone(d.Data) // the caller may use its own again
		var err error
		if events[k], err = event.New(event.NewID(m.epoch, m.events.last+1+uint64(k), d.Key), d, now); err != nil {
			return nil, err
		}
	}
	ids := make([]event.ID, len(drafts))
	for k, d := range drafts {
		if d.Latest {
			m.events.clear(d.Topic)
		}
		m.events.put(events[k], int64(Size(d)), d.TTL)
		ids[k] = events[k].ID()
	}
	m.trim(now)
	m.dedupe.remember(drafts[0], ids, now)
	for k, d := range drafts[1:] {
		m.dedupe.remember(d, ids[k+1:k+2], now)
	}
	close(m.grown)
	m.grown = make(chan struct{})
	return ids, nil
}
