package jetstream

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// errForeign means that the stream was made for something else.
var errForeign = errors.New("the stream exists, but its metadata have no valid " + epochKey +
	": choose another name, or set it once to 1 to 10 characters of a-z and 0-9")

// ErrMissing means that the stream of an existing log is missing.
var ErrMissing = errors.New("the event log's stream is missing, and a new one would hide that its events are gone")

// ensure creates the stream or changes it. It does so at every start, not only
// when the stream is missing: a power cut can leave a stream whose
// configuration is lost and whose events are there: creating it brings them
// back.
func (l *Log) ensure(ctx context.Context) error {
	if room, size := l.nc.MaxPayload(), int64(l.o.Retention.MaxEvent+headerRoom); l.nc.IsConnected() && size > room {
		return fmt.Errorf("events of %d bytes do not fit into the server's max_payload of %d", size, room)
	}
	begun, waiting := time.Now(), false
	for {
		err := l.tryEnsure(ctx)
		switch {
		case err == nil && waiting:
			l.o.Logger.Info("the event log was found", "stream", l.o.Stream)
			return nil
		case err == nil:
			return nil
		case isFinal(err):
			return l.reason(err)
		case !waiting && time.Since(begun) >= quorumTime:
			waiting = true
			l.o.Logger.Warn("waiting for the event log", "stream", l.o.Stream, "error", l.reason(err))
		}
		if !wait(ctx, againPause) {
			return fmt.Errorf("%w (last answer: %v)", eventlog.Interrupted(ctx), l.reason(err))
		}
	}
}

func (l *Log) tryEnsure(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	asked := time.Now()
	stream, err := l.js.Stream(ctx, l.o.Stream)
	switch missing := errors.Is(err, jetstream.ErrStreamNotFound); {
	case l.absent.confirmed(missing, l.isClustered()):
		stream, err = l.create(ctx)
	case err == nil:
		err = quorumError(stream.CachedInfo()) // or it may be the epoch of before
	}
	if err != nil {
		return err
	}
	l.quorum.note(asked, stream.CachedInfo())
	has := stream.CachedInfo().Config
	epoch, err := epochOf(has)
	if err != nil {
		return err
	}
	// A user who may not change streams gets along if there is nothing to do.
	if wants := l.o.applyTo(has, epoch); !alike(has, wants) {
		if has, err = l.update(ctx, has, wants); err != nil {
			return err
		}
	}
	l.noteConfig(has)
	l.epoch.Store(&epoch)
	return nil
}

// updateTries is how often the stream is to be changed before the log goes on without
// batches, if the change is for them alone.
const updateTries = 3

// update changes the stream, and returns what it is then. A stream that was made by an
// older build, and that this user may not change, does without batches.
func (l *Log) update(ctx context.Context, has, wants jetstream.StreamConfig) (jetstream.StreamConfig, error) {
	stream, err := l.js.UpdateStream(ctx, wants)
	if err == nil {
		return stream.CachedInfo().Config, nil
	}
	wants.AllowAtomicPublish, wants.MaxMsgSize = has.AllowAtomicPublish, max(has.MaxMsgSize, int32(l.o.Retention.MaxEvent))
	if l.updates++; l.updates < updateTries || !alike(has, wants) {
		return has, err
	}
	l.o.Logger.Warn("the event log stores one event at a time: its stream cannot be changed", "stream", l.o.Stream, "error", err)
	return has, nil
}

// create creates the stream, unless it must exist.
func (l *Log) create(ctx context.Context) (jetstream.Stream, error) {
	if l.o.Existing {
		return nil, ErrMissing
	}
	// If another node creates it at the same time, this fails with "already in
	// use", and the next try finds that node's epoch. It fails likewise for a
	// stream that the cluster knows and this server does not.
	stream, err := l.js.CreateStream(ctx, l.o.applyTo(jetstream.StreamConfig{}, l.o.Epoch))
	if err == nil && l.o.random {
		l.o.Logger.Info("a new event log was created", "stream", l.o.Stream, "epoch", l.o.Epoch)
	}
	return stream, err
}

// isClustered reports whether the connected server is part of a cluster.
func (l *Log) isClustered() bool { return l.nc.ConnectedClusterName() != "" }

// settleTime is how long every answer of a cluster must be that there is no such
// stream, before it is created. The answer is one server's view: of the cluster's
// leader, which in older releases answers before it has applied its whole log, or
// of a replica whose store has failed. A stream without a leader gives no answer,
// or another one.
const settleTime = 250 * time.Millisecond

// An absence is how long a stream has been reported missing.
type absence struct{ since time.Time }

// confirmed takes an answer and reports whether the stream is certainly
// missing.
func (a *absence) confirmed(missing, clustered bool) bool {
	if !missing {
		a.since = time.Time{}
		return false
	}
	if a.since.IsZero() {
		a.since = time.Now()
	}
	return !clustered || time.Since(a.since) >= settleTime
}

func alike(a, b jetstream.StreamConfig) bool {
	sameMetadata := maps.Equal(a.Metadata, b.Metadata)
	a.Metadata, b.Metadata = nil, nil
	return sameMetadata && reflect.DeepEqual(a, b)
}

// epochOf returns the epoch that a stream was created with.
func epochOf(c jetstream.StreamConfig) (string, error) {
	epoch := c.Metadata[epochKey]
	if event.CheckEpoch(epoch) != nil {
		return "", errForeign
	}
	return epoch, nil
}

// isFinal reports whether a retry is useless. A timeout, a missing leader and
// 503 are not final, nor are two of the refusals: "no suitable peers" while a
// cluster forms, and losing a race to create.
func isFinal(err error) bool {
	if errors.Is(err, errForeign) || errors.Is(err, ErrMissing) || errors.Is(err, nats.ErrConnectionClosed) {
		return true
	}
	var refusal *jetstream.APIError
	if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) || !errors.As(err, &refusal) {
		return false
	}
	switch refusal.ErrorCode {
	case codeNoPeers:
		return false
	case codeNotEnabled, codeNotEnabledForAccount, codeInvalidConfig, codeNoReplicas:
		return true
	}
	return refusal.Code == 400
}
