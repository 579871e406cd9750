package jetstream

import (
	"context"
	"errors"
	"strconv"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

var errForgotten = errors.New("the key was forgotten meanwhile")

// lookupAll returns the acknowledgement of what was stored under the key of drafts, of
// which one is known. Their own keys are looked up rather than the messages, of which
// retention may have removed some: a key is remembered longer.
func (l *Log) lookupAll(ctx context.Context, drafts []event.Draft) (pubAck, error) {
	topic, key := drafts[0].Topic, drafts[0].Key
	a, err := l.lookupKey(ctx, topic, key)
	if errors.Is(err, errUnknownKey) {
		return l.lookupRest(ctx, drafts)
	}
	if err != nil {
		return a, err
	}
	if a.Count, err = l.countParts(ctx, topic, key, a.Seq, 1); err != nil {
		return a, err
	}
	// The others are remembered no shorter than the first: if it still is, they were.
	if _, err := l.lookupKey(ctx, topic, key); err != nil {
		return a, forgotten(err)
	}
	return a, nil
}

// lookupRest is lookupAll if the first event's key is unknown: it has left the log, and
// its server was restarted. Or the key of another one was used for something else.
func (l *Log) lookupRest(ctx context.Context, drafts []event.Draft) (a pubAck, err error) {
	for k := 1; k < len(drafts); k++ {
		a, err = l.lookupKey(ctx, drafts[0].Topic, drafts[k].Key)
		if errors.Is(err, errUnknownKey) {
			continue
		}
		if err != nil {
			return a, err
		}
		header, err := l.stored(ctx, a.Seq)
		switch {
		case err != nil:
			return a, &undecided{reason: err}
		case header.Get(batchNumberHeader) != strconv.Itoa(k+1) || header.Get(jetstream.MsgIDHeader) != drafts[k].Key:
			return a, eventlog.ErrKeyReused
		}
		a.Seq -= uint64(k)
		a.Count, err = l.countParts(ctx, drafts[0].Topic, drafts[0].Key, a.Seq, k+1)
		return a, err
	}
	return a, forgotten(err)
}

// countParts returns how many events were stored as one under a key, of which the first n
// are known, from a number on.
func (l *Log) countParts(ctx context.Context, topic, key string, first uint64, n int) (int, error) {
	for ; n < eventlog.MaxBatch; n++ {
		a, err := l.lookupKey(ctx, topic, event.PartKey(key, n))
		if errors.Is(err, errUnknownKey) || err == nil && a.Seq != first+uint64(n) {
			break
		}
		if err != nil {
			return 0, err
		}
	}
	return n, nil
}

// forgotten returns the error of an attempt to be repeated if a key is unknown that was
// known just before.
func forgotten(err error) error {
	if errors.Is(err, errUnknownKey) {
		return &undecided{reason: errForgotten}
	}
	return err
}
