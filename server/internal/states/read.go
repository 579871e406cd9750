package states

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// Read calls fn with the state of a key and a position: the state includes all events
// of its topic up to it. Whatever was acknowledged before Read was called, on any
// node, is in it. fn may read the state until it returns, and must not change it;
// meanwhile no event is folded into it. A key of which there is no event has the
// state that a topic begins with. The error is fn's, or that of a state that cannot
// be kept, or ErrUnavailable if ctx ends first.
func (s *States[S]) Read(ctx context.Context, key string, fn func(st *S, at event.ID) error) error {
	if err := s.CatchUp(ctx); err != nil {
		return err
	}
	return s.View(ctx, key, fn)
}

// View is [States.Read] without asking the log what is newest: fn is given the state
// as this node knows it, which is a few milliseconds behind others at the most while
// [States.Health] is nil.
func (s *States[S]) View(ctx context.Context, key string, fn func(st *S, at event.ID) error) error {
	return s.ViewLast(ctx, key, func(st *S, last event.ID) error {
		s.mu.Lock()
		at := s.applied
		s.mu.Unlock()
		if last.Seq() > at.Seq() {
			at = last
		}
		return fn(st, at)
	})
}

// ViewLast is [States.View] with the newest event that the state includes, a zero ID if
// it includes none: the position is never later than what has come of the topic.
func (s *States[S]) ViewLast(ctx context.Context, key string, fn func(st *S, last event.ID) error) error {
	if err := event.CheckTopic(s.kind.Topic(key)); err != nil {
		return err
	}
	if err := s.await(ctx, 0); err != nil {
		return err
	}
	for {
		t, err := s.load(ctx, key)
		if err != nil {
			return err
		}
		if ok, err := s.view(t, fn); ok {
			s.evict()
			return err
		}
	}
}

// view reports whether the entry could be read: not if it is gone.
func (s *States[S]) view(t *entry[S], fn func(st *S, last event.ID) error) (bool, error) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if t.gone || t.err != nil {
		return !t.gone, t.err
	}
	return true, fn(&t.state, t.at)
}

// Get returns a copy of the state that [States.Read] reads.
func (s *States[S]) Get(ctx context.Context, key string) (st S, at event.ID, err error) {
	err = s.Read(ctx, key, func(kept *S, upTo event.ID) (err error) {
		at = upTo
		st, err = s.kind.Clone(kept)
		return err
	})
	return st, at, err
}

// Keys returns the keys of which there is a state, sorted. Whatever was acknowledged
// before is in them.
func (s *States[S]) Keys(ctx context.Context) ([]string, error) {
	if err := s.CatchUp(ctx); err != nil {
		return nil, err
	}
	prefix := s.checkpointName("")
	names, err := s.log.Names(ctx, prefix)
	if err != nil {
		return nil, fmt.Errorf("the keys of kind %q: %w", s.kind.Name(), err)
	}
	for i, name := range names {
		names[i] = strings.TrimPrefix(name, prefix)
	}
	s.mu.Lock()
	for key := range s.dirty {
		names = append(names, key)
	}
	s.mu.Unlock()
	slices.Sort(names)
	return slices.Compact(names), nil
}

// CatchUp waits until the states include what was acknowledged before it was called.
func (s *States[S]) CatchUp(ctx context.Context) error {
	newest, err := eventlog.Newest(ctx, s.log)
	if err != nil {
		return err
	}
	return s.await(ctx, newest)
}

// await waits until all events up to a number are in their states.
func (s *States[S]) await(ctx context.Context, seq uint64) error {
	for {
		s.mu.Lock()
		applied, moved, ended, ready := s.applied.Seq(), s.moved, s.ended, s.ready
		s.mu.Unlock()
		switch {
		case ended != nil:
			return ended
		case applied >= seq && ready:
			return nil
		}
		select {
		case <-ctx.Done():
			return eventlog.Interrupted(ctx)
		case <-moved:
		}
	}
}
