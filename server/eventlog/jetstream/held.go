package jetstream

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// From the first value on that holds events, the stream of the events removes
// nothing by itself, and refuses to store more than its hard limit: the kit trims
// it (trim.go). It stays so when no value holds events any more, since two nodes
// would have to agree on that.

// heldKey is the member of the stream's metadata that is set if the kit trims it.
const heldKey = "seaway.held"

func isHeld(c jetstream.StreamConfig) bool { return c.Metadata[heldKey] != "" }

// applyHeld changes c to what a stream needs that the kit trims.
func (o Options) applyHeld(c *jetstream.StreamConfig) {
	c.Discard = jetstream.DiscardNew
	c.MaxMsgs, c.MaxBytes = o.Retention.Hard()
	c.MaxAge = 0
}

// settleHeld is how long the replicas of a stream may take to follow when the kit
// begins to trim it: what one of them has removed by itself until then, all must
// remove.
const settleHeld = time.Second

// isSettled reports whether the replicas have followed.
func isSettled(info *jetstream.StreamInfo) bool {
	since, err := time.Parse(time.RFC3339Nano, info.Config.Metadata[heldKey])
	return info.Config.Replicas < 2 || err != nil || info.TimeStamp.Sub(since) >= settleHeld
}

var errSettling = errors.New("the stream's replicas do not keep all events yet")

// beginHold makes sure that the events after a position stay from now on, and
// returns ErrGap if some have left already.
func (l *Log) beginHold(ctx context.Context, at event.ID) error {
	r, err := l.record(ctx)
	if err == nil && (!l.held.Load() || r.Epoch != at.Epoch()) {
		err = l.startHeld(ctx)
	}
	if err != nil {
		return err
	}
	return l.mayHold(ctx, at)
}

// startHeld makes the stream one that the kit trims, and records from where on.
func (l *Log) startHeld(ctx context.Context) error {
	info, err := l.events(ctx)
	switch {
	case err != nil:
		return err
	case !isHeld(info.Config):
		return cmp.Or(l.setHeld(ctx, info), errSettling) // to look again
	}
	_, err = l.trim(ctx)
	return err
}

// setHeld makes the stream one that the kit trims.
func (l *Log) setHeld(ctx context.Context, info *jetstream.StreamInfo) error {
	c := info.Config
	c.Metadata = maps.Clone(c.Metadata)
	c.Metadata[heldKey] = info.TimeStamp.Format(time.RFC3339Nano)
	_, err := l.js.UpdateStream(ctx, l.o.applyTo(c, c.Metadata[epochKey]))
	return err
}

// stayHeld makes the stream one that the kit trims if values hold events. A node
// that was opened with other bounds, just when another stored the first such value,
// may have undone that.
func (l *Log) stayHeld(ctx context.Context) error {
	_, found, err := l.values.ask(ctx, messageGet{Next: l.values.o.heads(holdKind, ">")})
	if err != nil || !found {
		return err
	}
	info, err := l.events(ctx)
	if err != nil || isHeld(info.Config) {
		return err
	}
	return l.setHeld(ctx, info)
}

// noteConfig stores what appends need to know of the stream.
func (l *Log) noteConfig(c jetstream.StreamConfig) {
	l.held.Store(isHeld(c))
	l.batches.Store(c.AllowAtomicPublish)
}

// events asks once for the state of the events' stream.
func (l *Log) events(ctx context.Context) (*jetstream.StreamInfo, error) {
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	stream, err := l.js.Stream(ctx, l.o.Stream)
	if err != nil {
		return &jetstream.StreamInfo{}, err
	}
	l.noteConfig(stream.CachedInfo().Config)
	return stream.CachedInfo(), nil
}

// mayHold returns ErrGap if events after a position have left, or may.
func (l *Log) mayHold(ctx context.Context, at event.ID) error {
	return l.again(ctx, func() error {
		r, err := l.record(ctx)
		if err == nil && r.Epoch == at.Epoch() && r.UpTo > at.Seq() {
			err = eventlog.ErrGap
		}
		return err
	})
}
