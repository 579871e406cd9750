package states

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// takeOver is how long the record may stand still before another node writes.
const takeOver = 15 * time.Second

// moveRecord moves the record to a position, if that is further on, unless another
// node has begun to write meanwhile.
func (s *States[S]) moveRecord(ctx context.Context, to event.ID) error {
	if to.Seq() <= s.record.position.Seq() {
		return nil
	}
	r, err := s.fetchRecord(ctx)
	if err != nil || r.content.Node != s.node {
		return err
	}
	err = s.writeRecord(ctx, &record{position: to, content: r.content}, r.position)
	if errors.Is(err, eventlog.ErrConflict) {
		return nil
	}
	if err == nil {
		s.written = time.Now()
	}
	return err
}

// isWriter reads what has become of the record, and reports whether this node is to
// write it.
func (s *States[S]) isWriter(ctx context.Context) (mine bool, err error) {
	r, err := s.fetchRecord(ctx)
	if errors.Is(err, eventlog.ErrNoValue) {
		s.end(s.errForgotten())
	}
	if err != nil {
		return false, err
	}
	if r.content.Node == s.node {
		s.note(r)
		return true, nil
	}
	if r.position != s.record.position || r.content.Node != s.record.content.Node {
		s.written = time.Now()
		s.note(r)
		s.writtenElsewhere(r.position.Seq())
	}
	if time.Since(s.written) < takeOver {
		return false, nil
	}
	if err := s.reads(r); err != nil {
		return false, err
	}
	// The record comes first: it says which types of checkpoints there may be.
	err = s.writeRecord(ctx, r, r.position)
	if errors.Is(err, eventlog.ErrConflict) {
		return false, nil
	}
	return err == nil, err
}

// writtenElsewhere notes that another node has written all checkpoints up to a number.
func (s *States[S]) writtenElsewhere(upTo uint64) {
	s.mu.Lock()
	dirty := slices.Collect(maps.Values(s.dirty))
	s.mu.Unlock()
	for _, t := range dirty {
		t.mu.Lock()
		if t.err == nil && t.at.Seq() <= upTo {
			s.clean(t)
		}
		t.mu.Unlock()
	}
}
