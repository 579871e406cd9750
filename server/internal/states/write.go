package states

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

const (
	// lookEvery is how often it is looked whether checkpoints are due.
	lookEvery = 500 * time.Millisecond
	// dueAfter is how old the first event that is in no checkpoint may become: a
	// start folds what has come since.
	dueAfter = 10 * time.Second
	// slackShare is the part of the log's events that may be in no checkpoint, of those
	// that it has or that it has room for, and minSlack the least number that is worth one.
	slackShare = 16
	minSlack   = 4
	// urgentAt is how many times that many make the pause after a pass end.
	urgentAt = 4
	// writers is how many checkpoints of a pass are written at a time.
	writers = 8
	// share is the part of its time that a busy node writes checkpoints for.
	share = 20
	// endTime bounds the last checkpoints of a Run that ends.
	endTime = 3 * time.Second
)

// keepCheckpoints writes checkpoints when they are due, until ctx ends, and then
// those that are left.
func (s *States[S]) keepCheckpoints(ctx context.Context) {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	rest := time.Now()
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTime)
			defer cancel()
			if err := s.writeAll(last); err != nil {
				s.logger.Warn("the last checkpoints are not written, and the next start folds again what has come since", "error", err)
			}
			return
		case <-look.C:
		case <-s.overdue:
		}
		if !s.pause(ctx, time.Until(rest)) || !s.due(ctx) {
			continue
		}
		begun := time.Now()
		if err := s.writeAll(ctx); err != nil && ctx.Err() == nil {
			s.logger.Warn("checkpoints are not written, and the log keeps the events that they would include", "error", err)
		}
		rest = time.Now().Add(share * time.Since(begun))
	}
}

// pause waits, but not while much is in no checkpoint: the log would come to its hard
// limit. It reports whether ctx goes on. A time that is over needs no timer: with the
// race detector, the runtime crashes on one that is due at once in a synctest bubble.
func (s *States[S]) pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	select {
	case <-ctx.Done():
		return false
	case <-s.urgent:
	case <-time.After(d):
	}
	return true
}

// due reports whether so many events are in no checkpoint that they are a noticeable
// part of what the log holds, or have been for long. A start is not slowed by them,
// unless it takes long.
func (s *States[S]) due(ctx context.Context) bool {
	s.writing.Lock()
	defer s.writing.Unlock()
	behind, ready := s.behind()
	if behind == 0 {
		s.written = time.Now()
		return false
	}
	early := time.Since(s.written) < dueAfter
	if early && (!ready || behind < s.mayLack()) { // the log need not be asked how much it holds
		return false
	}
	st, err := s.log.State(ctx)
	if err != nil {
		return false
	}
	s.mu.Lock()
	s.slack = slack(st)
	defer s.mu.Unlock()
	return behind >= s.slack || !early
}

// slack returns how many events may be in no checkpoint. A log that is far from what it
// keeps has room for more of them, however large they are.
func slack(st eventlog.State) uint64 {
	events := st.Last + 1 - min(st.First, st.Last+1)
	if r := st.Retention; r.MaxEvent > 0 {
		events = max(events, uint64(min(r.MaxEvents, r.MaxBytes/int64(r.MaxEvent))))
	}
	return max(minSlack, events/slackShare)
}

// mayLack returns how many events may be in no checkpoint, as of when the log was last
// asked; 0 at first.
func (s *States[S]) mayLack() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.slack
}

// behind returns how many events are in their states and perhaps in no checkpoint,
// and whether Run has caught up.
func (s *States[S]) behind() (events uint64, ready bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.applied.Seq() - min(s.applied.Seq(), s.record.position.Seq()), s.ready
}

// hurry signals that checkpoints are due if many events are in none. s is locked.
func (s *States[S]) hurry() {
	if s.applied.Seq() < s.covered+s.slack {
		return
	}
	signal(s.overdue)
	if s.applied.Seq() >= s.covered+urgentAt*s.slack {
		signal(s.urgent)
	}
}

// signal leaves a signal for the next receiver from the channel.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// writeAll writes a checkpoint of each state that has changed, and then the record,
// unless another node does that.
func (s *States[S]) writeAll(ctx context.Context) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.mu.Lock()
	upTo, dirty := s.applied, slices.Collect(maps.Values(s.dirty))
	s.mu.Unlock()
	if upTo.Seq() <= s.record.position.Seq() {
		return nil
	}
	if mine, err := s.isWriter(ctx); !mine {
		return err
	}
	left, failed := s.writeEach(ctx, dirty, upTo.Seq())
	if errors.Is(failed, eventlog.ErrUnavailable) || ctx.Err() != nil {
		return cmp.Or(failed, ctx.Err())
	}
	if left > 0 {
		st, err := s.log.State(ctx)
		if err != nil {
			return err
		}
		upTo = st.Position(left - 1)
	}
	if err := s.moveRecord(ctx, upTo); err != nil {
		return err
	}
	return failed
}

// writeEach writes the checkpoints of entries. It returns the number of the first event
// up to a number that is in none afterwards, 0 if there is none, and why: first of all
// that the log is out of reach.
func (s *States[S]) writeEach(ctx context.Context, dirty []*entry[S], upTo uint64) (left uint64, failed error) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	next := make(chan *entry[S])
	for range min(writers, len(dirty)) {
		wg.Go(func() {
			for t := range next {
				since, err := s.write(ctx, t)
				mu.Lock()
				switch {
				case errors.Is(err, eventlog.ErrUnavailable):
					failed = err
				case since > 0 && since <= upTo && (left == 0 || since < left):
					left = since
					if !errors.Is(failed, eventlog.ErrUnavailable) {
						failed = err
					}
				}
				mu.Unlock()
			}
		})
	}
	for _, t := range dirty {
		mu.Lock()
		away := errors.Is(failed, eventlog.ErrUnavailable)
		mu.Unlock()
		if away || ctx.Err() != nil {
			break
		}
		next <- t
	}
	close(next)
	wg.Wait()
	return left, failed
}

// write writes the checkpoint of an entry. It returns the number of the first event
// that is in none afterwards, 0 if there is none, and why.
func (s *States[S]) write(ctx context.Context, t *entry[S]) (since uint64, err error) {
	t.mu.RLock()
	prev, broken, erased := t.stored, t.err, t.erased
	since = t.since
	v := eventlog.Value{Name: s.checkpointName(t.key), Position: t.at}
	var data []byte
	if broken == nil && since > 0 {
		data, err = s.kind.Encode(&t.state)
	}
	t.mu.RUnlock()
	if broken != nil || err != nil || since == 0 {
		return since, errors.Join(broken, err)
	}
	if v.Data, err = pack(s.kind.Fingerprint(), data); err != nil { // which takes as long again
		return since, err
	}
	store := s.log.Put
	if erased {
		store = func(ctx context.Context, v eventlog.Value, prev event.ID) error {
			return s.log.Delete(ctx, v.Name, prev)
		}
	}
	stored, err := s.replace(ctx, v, prev, store)
	if err != nil {
		return since, fmt.Errorf("the checkpoint of %s: %w", s.kind.Topic(t.key), err)
	}
	return s.wrote(t, stored, erased, len(data)), nil
}

// wrote notes that an entry's checkpoint includes all events up to a position, and
// returns the number of the first that has come since, 0 if there is none.
func (s *States[S]) wrote(t *entry[S], upTo event.ID, erased bool, size int) uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stored = upTo; erased {
		t.stored = event.ID{}
	}
	if t.at.Seq() > upTo.Seq() {
		t.since = upTo.Seq() + 1
		return t.since
	}
	s.clean(t)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used.resize(t, entrySize+size)
	return 0
}

// replace stores a checkpoint in place of the one at prev, unless another node has
// stored one that includes as much, and returns the position of the one that is
// there.
func (s *States[S]) replace(ctx context.Context, v eventlog.Value, prev event.ID, store func(context.Context, eventlog.Value, event.ID) error) (event.ID, error) {
	for {
		err := store(ctx, v, prev)
		if !errors.Is(err, eventlog.ErrConflict) {
			return v.Position, err
		}
		there, err := s.log.Get(ctx, v.Name)
		switch {
		case errors.Is(err, eventlog.ErrNoValue):
			prev = event.ID{}
			continue
		case err != nil:
			return event.ID{}, err
		}
		st, err := s.log.State(ctx)
		if err != nil {
			return event.ID{}, err
		}
		if upTo, err := covered(st, there.Position); err != nil || upTo >= v.Position.Seq() {
			return there.Position, err
		}
		prev = there.Position
	}
}

// clean notes that all of an entry, which is locked, is in a checkpoint.
func (s *States[S]) clean(t *entry[S]) {
	t.since = 0
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dirty[t.key] == t {
		delete(s.dirty, t.key)
		s.used.list(t)
	}
}
