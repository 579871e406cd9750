package jetstream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// Append implements [eventlog.Log].
func (l *Log) Append(ctx context.Context, d event.Draft) (event.ID, error) {
	ctx, end := eventlog.TraceAppend(ctx, d.Topic, d.Type, 1)
	id, err := l.append(ctx, d)
	if end != nil {
		end([]event.ID{id}, err)
	}
	if err != nil {
		return event.ID{}, fmt.Errorf("append to %.160q: %w", d.Topic, err)
	}
	return id, nil
}

func (l *Log) append(ctx context.Context, d event.Draft) (event.ID, error) {
	d, err := eventlog.Admit(d, l.o.Retention)
	if err != nil {
		return event.ID{}, err
	}
	got, of, err := l.store(ctx, d, d.Latest || d.TTL > 0, func(ctx context.Context) (pubAck, error) { return l.publishOne(ctx, d) })
	if err != nil {
		return event.ID{}, err
	}
	return of.id(got.Seq, d.Key), nil
}

// An attempt publishes once.
type attempt func(ctx context.Context) (pubAck, error)

// store stores what the attempts publish, of which d is the first draft, and returns
// the acknowledgement with the lineage of the number in it. passing is true if
// something else than retention can remove it.
func (l *Log) store(ctx context.Context, d event.Draft, passing bool, try attempt) (got pubAck, of lineage, err error) {
	ctx, leave, err := l.enter(ctx)
	if err != nil {
		return got, of, err
	}
	defer leave()
	ctx, cancel := context.WithTimeoutCause(ctx, budget, errBudget)
	defer cancel()
	if passing && !l.held.Load() {
		l.anchor(ctx)
	}
	before := l.acked.Load()
	got, gens, err := l.persistHeld(ctx, try)
	if !l.o.diagnosed {
		l.capacity.note(err, l.o.Logger)
	}
	if err != nil {
		return got, of, err
	}
	if !got.Duplicate {
		l.quorum.noteStored()
	}
	if got.Duplicate && d.Request != "" {
		if err := l.checkRequest(ctx, got.Seq, d); err != nil {
			return got, of, err
		}
	}
	if !got.Duplicate && got.Seq <= before {
		// Numbers do not go back unless the stream was replaced.
		if _, err := l.inspect(ctx); err != nil {
			return got, of, fmt.Errorf("%w: %v", eventlog.ErrUnavailable, err)
		}
	}
	l.acked.Store(got.Seq + uint64(max(got.Count, 1)) - 1)
	return got, lineage{*l.epoch.Load(), gens}, nil
}

// persistIn also returns the generations in which the event was stored. If they
// changed meanwhile it is unknown whether the answer came before or after that,
// so it publishes again: a known key is answered with its number.
func (l *Log) persistIn(ctx context.Context, try attempt) (pubAck, eventlog.Generations, error) {
	for {
		gens := l.o.Generations()
		got, err := l.persist(ctx, try)
		if err != nil || l.o.Generations().Newest() == gens.Newest() {
			return got, gens, err
		}
	}
}

// persist publishes until the outcome is known, always under the same key.
func (l *Log) persist(ctx context.Context, try attempt) (pubAck, error) {
	for begun := false; ; {
		a, err := try(ctx)
		var open *undecided
		if !errors.As(err, &open) {
			return a, err
		}
		begun = begun || open.begun
		if unhealthy := l.o.Diagnose(open.uncollected); unhealthy != nil && begun {
			return pubAck{}, fmt.Errorf("%w: %v", eventlog.ErrUnavailable, unhealthy)
		} else if unhealthy != nil {
			return pubAck{}, unhealthy
		}
		if !wait(ctx, againPause) {
			return pubAck{}, fmt.Errorf("%w (last answer: %v)", l.interrupted(ctx), err)
		}
	}
}

// publishOne publishes a draft once. A single server compares the expected number before
// it looks for the key (a cluster does it the other way round), so that a retry of a
// stored event looks like a conflict with itself.
func (l *Log) publishOne(ctx context.Context, d event.Draft) (pubAck, error) {
	a, err := l.publish(ctx, l.message(d))
	if !errors.Is(err, eventlog.ErrConflict) {
		return a, err
	}
	a, err = l.lookupKey(ctx, d.Topic, d.Key)
	if errors.Is(err, errUnknownKey) {
		err = eventlog.ErrConflict
	}
	return a, err
}

var errUnknownKey = errors.New("no event is known under the key")

// lookupKey returns the acknowledgement of the event that was stored under a key, or
// errUnknownKey. The request is a publish that cannot succeed: a known key is answered
// with its number, and for an unknown one the rollup is refused before anything is
// stored.
func (l *Log) lookupKey(ctx context.Context, topic, key string) (pubAck, error) {
	question := nats.NewMsg(l.o.Subject + "." + topic)
	question.Header.Set(jetstream.MsgIDHeader, key)
	question.Header.Set(jetstream.MsgRollup, "none")
	return l.publish(ctx, question)
}

// publish publishes once.
func (l *Log) publish(ctx context.Context, m *nats.Msg) (a pubAck, err error) {
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	reply, err := l.nc.RequestMsgWithContext(ctx, m)
	if errors.Is(err, nats.ErrMaxPayload) {
		return a, eventlog.ErrTooLarge
	}
	if err != nil {
		return a, &undecided{reason: err}
	}
	if err := json.Unmarshal(reply.Data, &a); err != nil {
		return a, &undecided{reason: err}
	}
	if err := a.err(); err != nil {
		return a, err
	}
	if err := l.settle(ctx, a.Seq); err != nil {
		return a, &undecided{reason: err, begun: true}
	}
	return a, nil
}
