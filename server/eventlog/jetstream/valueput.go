package jetstream

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// Put implements [eventlog.Values].
func (l *Log) Put(ctx context.Context, v eventlog.Value, prev event.ID) error {
	if err := l.put(ctx, v, prev); err != nil {
		return fmt.Errorf("put %.300q: %w", v.Name, err)
	}
	return nil
}

func (l *Log) put(ctx context.Context, v eventlog.Value, prev event.ID) error {
	if err := eventlog.CheckValue(v); err != nil {
		return err
	}
	ctx, leave, err := l.ready(ctx)
	if err != nil {
		return err
	}
	defer leave()
	if err := l.checkMove(ctx, v, prev); err != nil {
		return err
	}
	h := head{kind: kindOf(v), name: v.Name, put: rand.Text(), at: v.Position, size: len(v.Data)}
	old, begins, held := head{}, false, l.held.Load()
	err = l.replace(ctx, h, func(now head) (head, error) {
		if now.position() != prev {
			return h, eventlog.ErrConflict
		}
		old = now
		// A value that is not proved holds all events, and one that takes its
		// place begins to hold those after its own position.
		if begins = v.Holds && (now.kind != holdKind || v.Position.Seq() < now.at.Seq()); begins {
			if err := l.beginHold(ctx, v.Position); err != nil {
				return h, err
			}
		}
		return l.fill(ctx, h, v.Data)
	})
	if err == nil && begins && !held {
		err = l.again(ctx, func() error { return l.stayHeld(ctx) })
	}
	if err == nil && begins {
		err = l.holdOrRelease(ctx, h, v)
	}
	if v.Holds || old.kind == holdKind {
		l.kick()
	}
	return err
}

// holdOrRelease looks, after a value was stored that begins to hold events, whether
// they are still there. If a trim was faster the value holds none.
func (l *Log) holdOrRelease(ctx context.Context, h head, v eventlog.Value) error {
	err := l.mayHold(ctx, v.Position)
	if errors.Is(err, eventlog.ErrGap) {
		err = cmp.Or(l.release(ctx, h, v.Data), err)
	}
	return err
}

// release lets a value that was just stored hold no events: a trim was faster. If
// another has taken its place meanwhile, that is what counts.
func (l *Log) release(ctx context.Context, h head, data []byte) error {
	mine := h.put
	h.kind, h.put = freeKind, rand.Text()
	return l.replace(ctx, h, func(now head) (head, error) {
		if now.put != mine {
			return h, eventlog.ErrGap
		}
		return l.fill(ctx, h, data)
	})
}

// checkMove is [eventlog.State.CheckMove], which asks for the log's end only if
// that matters. Whether a position lies beyond it would be a question for each Put.
func (l *Log) checkMove(ctx context.Context, v eventlog.Value, prev event.ID) error {
	state := eventlog.State{Epoch: *l.epoch.Load(), Last: math.MaxUint64, Generations: l.o.Generations()}
	if v.Position.Seq() >= prev.Seq() {
		return state.CheckMove(v, prev)
	}
	err := l.again(ctx, func() error {
		seen, err := l.inspect(ctx)
		state = seen.State
		return cmp.Or(err, seen.unproven)
	})
	if err != nil {
		return err
	}
	return state.CheckMove(v, prev)
}

// replace stores a head in the place of the newest one, if make, which is given
// that, agrees: it returns the head as it is to be stored. If another is stored
// meanwhile it tries again. What the former head leaves behind is removed.
func (l *Log) replace(ctx context.Context, h head, make func(now head) (head, error)) error {
	return l.again(ctx, func() error {
		now, err := l.head(ctx, h.name)
		if err != nil {
			return err
		}
		if now.put == h.put && now.seq > 0 {
			return nil // stored by a try that got no answer
		}
		next, err := make(now)
		if err == nil {
			var a pubAck
			a, err = l.values.publish(ctx, next.message(l.values.o, now))
			next.seq = a.Seq
			if errors.Is(err, eventlog.ErrConflict) {
				err = errReplaced
			}
		}
		switch {
		case err == nil:
			l.clean(ctx, now, next)
		case decided(err) && next.first > 0:
			l.purgeChunks(ctx, next)
		}
		return err
	})
}

var errReplaced = errors.New("the value was replaced meanwhile")

// clean removes what a head that was replaced leaves behind. What it cannot remove
// does no harm, and goes with the next one.
func (l *Log) clean(ctx context.Context, old, now head) {
	if old.first > 0 || now.kind == goneKind {
		l.purgeOlder(ctx, old)
	}
	switch {
	case now.kind == goneKind:
		// The mark of a value that was deleted goes last: without it, what it
		// marks would be there again.
		if l.purgeHeads(ctx, now) {
			l.remove(ctx, now)
		}
	case old.seq > 0 && old.kind != now.kind:
		l.remove(ctx, old)
	}
}
