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
	id, err := l.append(ctx, d)
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
	ctx, leave, err := l.enter(ctx)
	if err != nil {
		return event.ID{}, err
	}
	defer leave()
	ctx, cancel := context.WithTimeoutCause(ctx, budget, errBudget)
	defer cancel()
	if d.Latest || d.TTL > 0 {
		l.anchor(ctx)
	}
	before := l.acked.Load()
	got, gens, err := l.persistIn(ctx, d)
	if !l.o.diagnosed {
		l.room.note(err, l.o.Logger)
	}
	if err != nil {
		return event.ID{}, err
	}
	if !got.Duplicate {
		l.known.prove()
	}
	if got.Duplicate && d.Request != "" {
		if err := l.checkRequest(ctx, got.Seq, d); err != nil {
			return event.ID{}, err
		}
	}
	if !got.Duplicate && got.Seq <= before {
		// Numbers do not fall back unless the stream is another one.
		if _, err := l.inspect(ctx); err != nil {
			return event.ID{}, fmt.Errorf("%w: %v", eventlog.ErrUnavailable, err)
		}
	}
	l.acked.Store(got.Seq)
	return lineage{*l.epoch.Load(), gens}.id(got.Seq, d.Key), nil
}

// persistIn also returns the generations in which the event was stored. If they
// changed meanwhile nothing says whether the answer came before or after that, so
// it asks again: a key that is known is answered with its number.
func (l *Log) persistIn(ctx context.Context, d event.Draft) (answer, eventlog.Generations, error) {
	for {
		gens := l.o.Generations()
		got, err := l.persist(ctx, d)
		if err != nil || l.o.Generations().Newest() == gens.Newest() {
			return got, gens, err
		}
	}
}

// persist publishes until the outcome is known, always under the same key.
func (l *Log) persist(ctx context.Context, d event.Draft) (answer, error) {
	for {
		a, err := l.publish(ctx, l.message(d))
		if errors.Is(err, eventlog.ErrConflict) {
			a, err = l.recall(ctx, d)
		}
		var open *undecided
		if !errors.As(err, &open) {
			return a, err
		}
		if sick := l.o.Diagnose(); sick != nil {
			return answer{}, sick
		}
		if !wait(ctx, againPause) {
			return answer{}, fmt.Errorf("%w (last answer: %v)", l.interrupted(ctx), err)
		}
	}
}

var errUnknownKey = errors.New("no event is known under the key")

// recall returns the answer to the publish that stored an event under the
// draft's key, or ErrConflict. A single server compares the expected number before it looks
// for the key (a cluster does it the other way round), so that a retry of a
// stored event looks like a conflict with itself. The question is a publish
// that cannot succeed: a known key is answered with its number, and for an
// unknown one the rollup is refused before anything is stored.
func (l *Log) recall(ctx context.Context, d event.Draft) (answer, error) {
	question := nats.NewMsg(l.o.Subject + "." + d.Topic)
	question.Header.Set(jetstream.MsgIDHeader, d.Key)
	question.Header.Set(jetstream.MsgRollup, "none")
	a, err := l.publish(ctx, question)
	if errors.Is(err, errUnknownKey) {
		return answer{}, eventlog.ErrConflict
	}
	return a, err
}

// publish makes one try.
func (l *Log) publish(ctx context.Context, m *nats.Msg) (a answer, err error) {
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	reply, err := l.nc.RequestMsgWithContext(ctx, m)
	if errors.Is(err, nats.ErrMaxPayload) {
		return a, eventlog.ErrTooLarge
	}
	if err != nil {
		return a, &undecided{err}
	}
	if err := json.Unmarshal(reply.Data, &a); err != nil {
		return a, &undecided{err}
	}
	return a, a.verdict()
}
