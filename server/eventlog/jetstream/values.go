package jetstream

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// Get implements [eventlog.Values]. The leader answers.
func (l *Log) Get(ctx context.Context, name string) (eventlog.Value, error) {
	v, err := l.getValue(ctx, name)
	if err != nil {
		return eventlog.Value{}, fmt.Errorf("get %.300q: %w", name, err)
	}
	return v, nil
}

// Delete implements [eventlog.Values].
func (l *Log) Delete(ctx context.Context, name string, prev event.ID) error {
	if err := l.deleteValue(ctx, name, prev); err != nil {
		return fmt.Errorf("delete %.300q: %w", name, err)
	}
	return nil
}

// LastValue returns the highest number that the stream of the values has given, from
// its leader. Package embedded holds the files to it.
func (l *Log) LastValue(ctx context.Context) (uint64, error) {
	ctx, leave, err := l.ready(ctx)
	if err != nil {
		return 0, err
	}
	defer leave()
	var last uint64
	err = l.again(ctx, func() error {
		info, err := l.values.events(ctx)
		last = info.State.LastSeq
		return err
	})
	return last, err
}

// ready is the first step of all of them: it bounds ctx as [Log.enter] does, and by
// the budget.
func (l *Log) ready(ctx context.Context) (context.Context, func(), error) {
	ctx, leave, err := l.enter(ctx)
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, budget, errBudget)
	return ctx, func() { cancel(); leave() }, nil
}

func (l *Log) getValue(ctx context.Context, name string) (v eventlog.Value, err error) {
	if err := eventlog.CheckValueName(name); err != nil {
		return v, err
	}
	ctx, leave, err := l.ready(ctx)
	if err != nil {
		return v, err
	}
	defer leave()
	err = l.again(ctx, func() error {
		h, err := l.head(ctx, name)
		if err == nil && !h.isThere() {
			err = l.proveNone(ctx, h)
		}
		if err != nil {
			return err
		}
		v = eventlog.Value{Name: name, Position: h.at, Holds: h.kind == holdKind, Data: h.data}
		if h.first > 0 {
			v.Data, err = l.chunks(ctx, h)
		}
		return err
	})
	if err != nil {
		return eventlog.Value{}, err
	}
	return v, nil
}

// proveNone returns ErrNoValue if it is certain that there is no value of the name
// that has no head, or the mark of a value that was deleted.
func (l *Log) proveNone(ctx context.Context, h head) error {
	o := l.values.o
	info, err := l.values.subjects(ctx, o.heads("*", h.name), 0)
	if err != nil {
		return err
	}
	if info.State.Subjects[o.heads(holdKind, h.name)]+info.State.Subjects[o.heads(freeKind, h.name)] == 0 {
		return eventlog.ErrNoValue
	}
	if h.kind == goneKind {
		l.purgeHeads(ctx, h) // a node died before it could
	}
	return errReplaced
}

func (l *Log) deleteValue(ctx context.Context, name string, prev event.ID) error {
	if err := eventlog.CheckValueName(name); err != nil {
		return err
	}
	ctx, leave, err := l.ready(ctx)
	if err != nil {
		return err
	}
	defer leave()
	tombstone := head{kind: goneKind, name: name, put: rand.Text()}
	err = l.replace(ctx, tombstone, func(now head) (head, error) {
		switch {
		case !now.isThere():
			return tombstone, l.proveNone(ctx, now)
		case now.at != prev:
			return tombstone, eventlog.ErrConflict
		}
		return tombstone, nil
	})
	if errors.Is(err, eventlog.ErrNoValue) {
		return nil
	}
	l.kick()
	return err
}
