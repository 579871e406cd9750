package jetstream

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"

	"github.com/nats-io/nats.go"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// Several drafts are published as one by an atomic batch: the stream's leader
// collects its messages, and stores them once the last one has come, one after the
// other, if none of them is refused. Direct gets wait meanwhile.

// The headers of a batch's messages, which are stored with them.
const (
	batchHeader       = "Nats-Batch-Id"
	batchNumberHeader = "Nats-Batch-Sequence" // from 1 on
	batchCommitHeader = "Nats-Batch-Commit"   // of the last one
)

const (
	// batchName is the length of a batch's name, of 60 random bits.
	batchName = 12
	// openBatches is how many batches a log publishes at a time; others wait. A stream
	// refuses more than 50 of all its publishers. A single server takes one after the
	// other, some milliseconds each, and an attempt must be answered within tryTime.
	openBatches = 4
)

// AppendAll implements [eventlog.Log].
func (l *Log) AppendAll(ctx context.Context, drafts []event.Draft) ([]event.ID, error) {
	topic, typ := "", ""
	if len(drafts) > 0 {
		topic, typ = drafts[0].Topic, drafts[0].Type
	}
	ctx, end := eventlog.TraceAppend(ctx, topic, typ, len(drafts))
	ids, err := l.appendAll(ctx, drafts)
	if end != nil {
		end(ids, err)
	}
	if err != nil {
		return nil, fmt.Errorf("append %d events: %w", len(drafts), err)
	}
	return ids, nil
}

func (l *Log) appendAll(ctx context.Context, drafts []event.Draft) ([]event.ID, error) {
	drafts, err := eventlog.AdmitAll(drafts, l.o.Retention)
	if err != nil {
		return nil, err
	}
	passing := false
	for _, d := range drafts {
		passing = passing || d.Latest || d.TTL > 0
	}
	got, of, err := l.store(ctx, drafts[0], passing, l.attemptAll(drafts))
	if err != nil {
		return nil, err
	}
	ids := make([]event.ID, got.Count)
	for k := range ids {
		ids[k] = of.id(got.Seq+uint64(k), event.PartKey(drafts[0].Key, k))
	}
	return ids, nil
}

// attemptAll returns the attempts to publish the drafts as one. Seq of the
// acknowledgement is the first number, and Count how many there are: of the first time,
// if it is a duplicate. An attempt after one without an answer first looks for what that
// may have stored: a batch is collected, on the disk, before it is refused for that.
func (l *Log) attemptAll(drafts []event.Draft) attempt {
	publish := l.publishBatch
	if len(drafts) == 1 {
		publish = l.publishSingle
	}
	tried := false
	return func(ctx context.Context) (a pubAck, err error) {
		err = errUnknownKey
		if tried {
			a, err = l.lookupKey(ctx, drafts[0].Topic, drafts[0].Key)
		}
		if errors.Is(err, errUnknownKey) {
			tried = true
			a, err = publish(ctx, drafts)
		}
		if errors.Is(err, errKnownKey) || err == nil && a.Duplicate {
			return l.lookupAll(ctx, drafts)
		}
		return a, err
	}
}

// publishSingle is publishBatch of one draft, which needs no batch.
func (l *Log) publishSingle(ctx context.Context, drafts []event.Draft) (pubAck, error) {
	a, err := l.publishOne(ctx, drafts[0])
	a.Count = 1
	return a, err
}

// errKnownKey means that a message of a batch has a known key.
var errKnownKey = errors.New("an event is known under one of the keys")

// publishBatch publishes a batch once. Only the last message is answered: if one
// before it was refused, the batch did not come whole.
func (l *Log) publishBatch(ctx context.Context, drafts []event.Draft) (pubAck, error) {
	if err := l.checkBatches(ctx); err != nil {
		return pubAck{}, err
	}
	select {
	case l.batching <- struct{}{}:
		defer func() { <-l.batching }()
	case <-ctx.Done():
		return pubAck{}, &undecided{reason: ctx.Err()}
	}
	messages := l.batch(drafts)
	last := messages[len(messages)-1]
	for _, m := range messages[:len(messages)-1] {
		if err := l.nc.PublishMsg(m); errors.Is(err, nats.ErrMaxPayload) {
			return pubAck{}, eventlog.ErrTooLarge
		} else if err != nil {
			return pubAck{}, &undecided{reason: err}
		}
	}
	a, err := l.publish(ctx, last)
	var open *undecided
	switch {
	case errors.Is(err, eventlog.ErrNoBatches):
		l.batches.Store(false)
		return a, err
	case errors.As(err, &open):
		open.begun = !open.uncollected
		return a, err
	case err != nil:
		return a, err
	case a.Count != len(drafts):
		return a, &undecided{reason: fmt.Errorf("%d of %d messages of a batch were acknowledged", a.Count, len(drafts))}
	}
	a.Seq -= uint64(a.Count - 1)
	return a, nil
}

// batch returns the messages of a batch. Its name is new for each attempt: what is left of
// an earlier one would be taken for a part of it.
func (l *Log) batch(drafts []event.Draft) []*nats.Msg {
	messages, name := make([]*nats.Msg, len(drafts)), rand.Text()[:batchName]
	for k, d := range drafts {
		m := l.message(d)
		m.Header.Set(batchHeader, name)
		m.Header.Set(batchNumberHeader, strconv.Itoa(k+1))
		messages[k] = m
	}
	messages[len(drafts)-1].Header.Set(batchCommitHeader, "1")
	return messages
}

// checkBatches returns ErrNoBatches if the stream takes none. It is asked unless it did
// when last seen, since it may have been changed. An older server would take the
// messages of a batch for events of their own.
func (l *Log) checkBatches(ctx context.Context) error {
	if l.batches.Load() {
		return nil
	}
	info, err := l.events(ctx)
	switch {
	case err != nil:
		return &undecided{reason: err}
	case !info.Config.AllowAtomicPublish:
		return eventlog.ErrNoBatches
	}
	return nil
}
