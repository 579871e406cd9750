package states

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/state"
)

// An entry is the state of one topic in memory. Its lock comes before that of the
// States.
type entry[S any] struct {
	key string

	mu     sync.RWMutex
	gone   bool // evicted, or could not be loaded: load again
	state  S
	at     event.ID // of the newest event in it; zero if there is none
	stored event.ID // position of the checkpoint that is there; zero if there is none, or if another node has written it
	since  uint64   // number of the first event that is in no checkpoint; 0 if there is none
	erased bool     // the newest event in it has erased the state
	err    error    // why it cannot be used, for good

	use[S] // guarded by the States' lock once the entry is loaded
}

// loaders is how many entries are loaded at a time for a batch. Memory may be
// exceeded by as many of them.
const loaders = 8

// entrySize is counted for each entry besides its state: 270 bytes, and the text of its
// positions and its place among those that have changed.
const entrySize = 400

func (s *States[S]) checkpointName(key string) string { return "state." + s.kind.Topic(key) }

// loadTries is how often a checkpoint is asked for that a log does not give although
// it answers. Each try takes up to ten seconds.
const loadTries = 3

// fold folds an event into the state of a key, which it loads first if need be. It
// returns when that is done, or ctx ends. A checkpoint that the log does not give
// does not stop the other topics.
func (s *States[S]) fold(ctx context.Context, key string, e event.Event) {
	for refused := 0; ; {
		t, err := s.load(ctx, key)
		if err == nil && s.foldInto(t, e) {
			s.shrink(ctx)
			return
		}
		if err == nil {
			continue
		}
		if _, away := s.log.State(ctx); away == nil {
			refused++
		}
		if refused == loadTries {
			s.fail(key, err)
		} else if !wait(ctx, retryPause) {
			return
		}
	}
}

// fail makes the entry of a key one that cannot be used.
func (s *States[S]) fail(key string, err error) {
	t := &entry[S]{key: key, err: fmt.Errorf("the checkpoint of %s: %w", s.kind.Topic(key), err)}
	t.size = entrySize
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.entries[key] == nil {
		s.entries[key] = t
		s.used.add(t)
		s.failed[key] = t.err
		s.logger.Error("a state cannot be read, until this program starts again", "topic", s.kind.Topic(key), "error", err)
	}
}

// prefetch loads the entries that a batch needs, several at a time, since each costs a
// question to the log. One that fails is asked for again by fold.
func (s *States[S]) prefetch(ctx context.Context, batch []event.Event) {
	missing := s.missing(batch)
	if len(missing) < 2 {
		return
	}
	next := make(chan string)
	var wg sync.WaitGroup
	for range min(loaders, len(missing)) {
		wg.Go(func() {
			for key := range next {
				if stuck := s.evict(); !stuck && ctx.Err() == nil {
					_, _ = s.load(ctx, key)
				}
			}
		})
	}
	for _, key := range missing {
		next <- key
	}
	close(next)
	wg.Wait()
}

// missing returns the keys of a batch whose entries are not in memory.
func (s *States[S]) missing(batch []event.Event) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	missing := map[string]bool{}
	for _, e := range batch {
		if key, ok := s.kind.Key(e.Topic()); ok && s.entries[key] == nil {
			missing[key] = true
		}
	}
	return slices.Collect(maps.Keys(missing))
}

// foldInto reports whether the entry could take the event: not if it is gone.
func (s *States[S]) foldInto(t *entry[S], e event.Event) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	seq := e.ID().Seq()
	switch {
	case t.gone:
		return false
	case t.err == nil && seq <= t.at.Seq():
		return true // in the checkpoint already
	case t.isNewer():
		return true
	}
	if t.since == 0 {
		t.since = seq
	}
	if t.err == nil {
		if _, t.err = s.kind.Apply(&t.state, e); t.err != nil {
			s.fails(t)
			s.logger.Error("a state cannot be kept", "topic", e.Topic(), "error", t.err)
			t.state = s.kind.New()
		} else {
			t.at, t.erased = e.ID(), e.Type() == state.Erased.Name()
		}
	}
	s.changed(t, len(e.Data()))
	return true
}

// load returns the entry of a key, from its checkpoint if it is not in memory. The
// error is that of reading the checkpoint; an entry that cannot be used for good is
// returned with its own.
func (s *States[S]) load(ctx context.Context, key string) (*entry[S], error) {
	s.mu.Lock()
	t := s.entries[key]
	if t != nil {
		s.used.touch(t)
		s.mu.Unlock()
		return t, nil
	}
	t = &entry[S]{key: key}
	t.mu.Lock()
	defer t.mu.Unlock()
	s.entries[key] = t
	s.mu.Unlock()
	err := s.readCheckpoint(ctx, t)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil || s.entries[key] != t {
		t.gone = true
		if s.entries[key] == t {
			delete(s.entries, key)
		}
		return t, err
	}
	s.used.add(t)
	if t.err != nil {
		s.failed[key] = t.err
	}
	return t, nil
}

// readCheckpoint fills an entry. An error is worth another try.
func (s *States[S]) readCheckpoint(ctx context.Context, t *entry[S]) error {
	v, err := s.log.Get(ctx, s.checkpointName(t.key))
	switch {
	case errors.Is(err, eventlog.ErrNoValue):
		t.state, t.size = s.kind.New(), entrySize
		return nil
	case err != nil:
		return err
	}
	t.stored = v.Position
	if t.at, err = s.included(ctx, v.Position); err == nil {
		t.state, t.size, err = s.decode(ctx, v.Data)
	}
	if errors.Is(err, eventlog.ErrUnavailable) {
		return err
	}
	t.size += entrySize
	if err != nil {
		t.err = fmt.Errorf("the checkpoint of %s: %w", s.kind.Topic(t.key), err)
		s.reportUnread(s.kind.Topic(t.key), err)
	}
	return nil
}

// included returns the position up to which a checkpoint at a position includes the
// events of the log as it is: see [covered]. The log is asked only if its state when
// the tail began does not prove the position: what it loses later ends the tail.
func (s *States[S]) included(ctx context.Context, p event.ID) (event.ID, error) {
	s.mu.Lock()
	st := s.begun
	s.mu.Unlock()
	if st.Proves(p) {
		return p, nil
	}
	st, err := s.log.State(ctx)
	if err != nil {
		return event.ID{}, err
	}
	upTo, err := covered(st, p)
	if err != nil || upTo == p.Seq() {
		return p, err
	}
	return st.Position(upTo), nil
}

// changed notes that an entry, which is locked, has something that is in no
// checkpoint.
func (s *States[S]) changed(t *entry[S], grown int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dirty[t.key] = t
	s.used.unlist(t)
	s.used.resize(t, t.size+grown)
}
