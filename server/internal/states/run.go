package states

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// A Keeper is a States of whatever type.
type Keeper interface {
	restart(ctx context.Context) (from uint64, err error)
	take(ctx context.Context, batch []event.Event, err error)
	keepCheckpoints(ctx context.Context)
	renew(ctx context.Context)
	end(err error)
}

// Run is the Run of all kinds of a log, which it reads once for all of them.
func Run(ctx context.Context, log eventlog.Log, kinds ...Keeper) error {
	writing, stop := context.WithCancel(ctx)
	defer stop()
	var wg sync.WaitGroup
	for _, k := range kinds {
		wg.Go(func() { k.keepCheckpoints(writing) })
		wg.Go(func() { k.renew(writing) })
	}
	err := follow(ctx, log, kinds)
	stop()
	wg.Wait()
	for _, k := range kinds {
		k.end(err)
	}
	return err
}

// Run folds events and writes checkpoints until ctx ends or the log fails for good,
// and returns why. What has changed since the last checkpoint is written at the
// end, for [endTime] at most.
func (s *States[S]) Run(ctx context.Context) error { return Run(ctx, s.log, s) }

// follow folds events. A tail that was overtaken, by another node's checkpoints and
// the retention after them, begins again at those.
func follow(ctx context.Context, log eventlog.Log, kinds []Keeper) error {
	for {
		from, err := restart(ctx, kinds)
		if err == nil {
			err = log.Tail(ctx, from, func(batch []event.Event, err error) {
				for _, k := range kinds {
					k.take(ctx, batch, err)
				}
			})
		}
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case !errors.Is(err, eventlog.ErrGap) && !errors.Is(err, eventlog.ErrUnavailable), errors.Is(err, eventlog.ErrClosed):
			return err
		}
		wait(ctx, retryPause)
	}
}

// restart restarts all kinds, and returns the number to tail from: that of the kind
// whose checkpoints end first.
func restart(ctx context.Context, kinds []Keeper) (from uint64, err error) {
	for i, k := range kinds {
		after, err := k.restart(ctx)
		if err != nil {
			return 0, err
		}
		if i == 0 || after < from {
			from = after
		}
	}
	return from, nil
}

// restart drops what is in memory, and returns the number to tail from, where the
// checkpoints end.
func (s *States[S]) restart(ctx context.Context) (from uint64, err error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	// First the log, then the record, which another node may move on meanwhile.
	st, err := s.log.State(ctx)
	if err != nil {
		return 0, err
	}
	r, err := s.fetchRecord(ctx)
	if errors.Is(err, eventlog.ErrNoValue) {
		err = s.errForgotten()
	}
	if err != nil {
		return 0, err
	}
	upTo, err := covered(st, r.position)
	if err != nil {
		return 0, err
	}
	if upTo+1 < st.First {
		return 0, fmt.Errorf("the log has removed events after %s, which no checkpoint includes", r.position)
	}
	s.note(r)
	s.written = time.Now()
	s.drop()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.begun, s.applied, s.ready, s.arrivals = st, st.Position(upTo), false, nil
	return upTo + 1, nil
}

// drop drops all entries.
func (s *States[S]) drop() {
	s.mu.Lock()
	all := s.entries
	s.entries, s.dirty, s.used = map[string]*entry[S]{}, map[string]*entry[S]{}, recency[S]{}
	s.failed = map[string]error{}
	s.mu.Unlock()
	for _, t := range all {
		t.mu.Lock()
		t.gone = true
		t.mu.Unlock()
	}
}

// take folds a batch of a tail's. An empty one says that all that was stored when the
// tail began has come. The tail may have begun further back, for another kind.
func (s *States[S]) take(ctx context.Context, batch []event.Event, err error) {
	if err == nil && len(batch) > 0 {
		if batch = s.after(batch); len(batch) == 0 {
			return
		}
	}
	s.prefetch(ctx, batch)
	for _, e := range batch {
		if key, ok := s.kind.Key(e.Topic()); ok {
			s.fold(ctx, key, e)
		}
	}
	if ctx.Err() != nil {
		return // the last may not have been folded
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case err != nil:
		s.away = err
	case len(batch) > 0:
		s.applied = batch[len(batch)-1].ID()
		s.arrivals.note(batch[0].ID().Seq(), time.Now())
		s.hurry()
	default:
		s.away, s.ready = nil, true
		if s.applied.Seq() < s.begun.Last { // the newest have left by themselves
			s.applied = s.begun.Position(s.begun.Last)
		}
	}
	s.wake()
}

// after returns the events of a batch that are not applied yet.
func (s *States[S]) after(batch []event.Event) []event.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(batch) > 0 && batch[0].ID().Seq() <= s.applied.Seq() {
		batch = batch[1:]
	}
	return batch
}
