package states

import (
	"context"
	"errors"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/state"
)

// mutateTries bounds how often a mutation is decided. In one process those of a topic
// wait for each other: only other nodes make a try fail, and with four of them one change
// of hundreds takes about 20.
const mutateTries = 100

// errBusy is what a caller gets after that many.
var errBusy = fault.New(fault.Unavailable, "others change this at the same moment")

// A Change is one call of a mutation.
type Change[S any] struct {
	Key       string // of the state
	Identity  string // the caller's
	CallKey   string // of state.Call: the caller's idempotency key, or a random one
	Unordered bool   // publish although the topic may have changed since
	Decide    func(*state.Call, S) error
	// Once makes a draft part of the caller's call: see command.Once.
	Once event.Option
}

// Mutate decides a change on the state of a key and publishes what it emits, unless the
// topic has changed since: then it is decided again, on the state as it has become. It
// returns the ids of the events, and then the state on this node includes them. A
// refusal is decided on a state that includes whatever was acknowledged before. A call
// that was executed before gets the ids of then, also if it would be refused now.
func (s *States[S]) Mutate(ctx context.Context, c Change[S]) ([]event.ID, error) {
	if !c.Unordered {
		release, err := s.turns.take(ctx, c.Key)
		if err != nil {
			return nil, err
		}
		defer release()
	}
	for try := range mutateTries {
		if try > 0 { // the first is on what this node knows without asking
			if err := s.CatchUp(ctx); err != nil {
				return nil, err
			}
		}
		drafts, last, err := s.decide(ctx, c)
		switch {
		case isFinal(err):
			return nil, err
		case len(drafts) == 0 && try == 0:
			continue
		case len(drafts) == 0:
			return s.recall(ctx, c, err)
		}
		ids, err := s.publish(ctx, c, drafts, last)
		switch {
		case err == nil:
			return ids, s.settle(ctx, c, ids[len(ids)-1])
		case !errors.Is(err, eventlog.ErrConflict):
			return nil, err
		}
	}
	return nil, errBusy
}

// isFinal reports whether an error is not that of a decision.
func isFinal(err error) bool {
	var failed *stateError
	return errors.As(err, &failed)
}

// A stateError says that there is no state to decide on.
type stateError struct{ error }

func (e *stateError) Unwrap() error { return e.error }

// decide decides on the state as this node has it. It returns the events to publish, and
// the topic's newest, or why the call is refused.
func (s *States[S]) decide(ctx context.Context, c Change[S]) (drafts []event.Draft, last event.ID, err error) {
	call := state.NewCall(s.kind.Topic(c.Key), c.Identity, c.CallKey, time.Now().UTC().Truncate(time.Millisecond))
	refusal := error(nil)
	err = s.look(ctx, c.Key, func(t *entry[S]) {
		last = t.at
		refusal = c.Decide(call, t.state)
	})
	if err != nil {
		return nil, last, &stateError{err}
	}
	if refusal != nil {
		return nil, last, refusal
	}
	drafts, err = call.Drafts()
	switch {
	case err != nil:
		return nil, last, &stateError{err}
	case len(drafts) > 0:
		c.Once(&drafts[0]) // of all of them: see eventlog.Log.AppendAll
	}
	return drafts, last, nil
}

// publish appends drafts as one, unless the topic has another newest event than last.
func (s *States[S]) publish(ctx context.Context, c Change[S], drafts []event.Draft, last event.ID) ([]event.ID, error) {
	if !c.Unordered {
		st, err := s.log.State(ctx)
		if err != nil {
			return nil, err
		}
		newest := last.Seq()
		if newest < st.First {
			newest = 0 // it has left the log, which does not remember it
		}
		drafts[0].ExpectLast = &newest
	}
	return s.log.AppendAll(ctx, drafts)
}

// settle waits until the state includes an event: the next one in turn decides on it.
func (s *States[S]) settle(ctx context.Context, c Change[S], id event.ID) error {
	if c.Unordered {
		return nil
	}
	return s.await(ctx, id.Seq())
}

// recall returns the ids of the events that were stored under the caller's key, or else
// the refusal. It appends a draft that the log never stores, since it expects a number
// that no topic has.
func (s *States[S]) recall(ctx context.Context, c Change[S], refusal error) ([]event.ID, error) {
	never := uint64(1 << 62)
	d := event.Draft{Topic: s.kind.Topic(c.Key), Type: "key.recalled", ExpectLast: &never}
	if c.Once(&d); d.Key == "" {
		return nil, refusal
	}
	ids, err := s.log.AppendAll(ctx, []event.Draft{d})
	if errors.Is(err, eventlog.ErrConflict) {
		return nil, refusal
	}
	return ids, err
}

// look calls fn with the entry of a key, which holds still meanwhile.
func (s *States[S]) look(ctx context.Context, key string, fn func(*entry[S])) error {
	if err := event.CheckTopic(s.kind.Topic(key)); err != nil {
		return &fault.Error{Code: fault.Invalid, Message: err.Error()}
	}
	if err := s.await(ctx, 0); err != nil {
		return err
	}
	for {
		t, err := s.load(ctx, key)
		if err != nil {
			return err
		}
		if gone, err := t.look(fn); !gone {
			s.evict()
			return err
		}
	}
}

// look calls fn unless the entry is gone or cannot be used. fn is a user's, and may panic.
func (t *entry[S]) look(fn func(*entry[S])) (gone bool, err error) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if !t.gone && t.err == nil {
		fn(t)
	}
	return t.gone, t.err
}
