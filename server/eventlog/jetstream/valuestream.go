package jetstream

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/seawaykit/seaway/server/eventlog"
)

// The values are messages of a second stream, beside that of the events:
//
//	<Subject>-values.value.<kind>.<name>         the newest value of a name, see head.go
//	<Subject>-values.chunk.<name>.<put>.<number> a part of a value that is too large for one message
//	<Subject>-values.trim                        up to where the kit has removed events, see trim.go
//
// The kind is part of the subject so that the values that hold events can be read
// without the others.
const (
	valuesStream  = "-VALUES"
	valuesSubject = "-values"
)

// valueOptions returns the options of the values' stream.
func (o Options) valueOptions() Options {
	o.Stream, o.Subject, o.isValues = o.Stream+valuesStream, o.Subject+valuesSubject, true
	return o
}

// applyToValues returns c changed to what the stream of values needs.
func (o Options) applyToValues(c jetstream.StreamConfig, epoch string) jetstream.StreamConfig {
	c.Name = o.Stream
	c.Subjects = []string{o.Subject + ".>"}
	c.Replicas = cmp.Or(o.Replicas, c.Replicas, 1)
	c.Discard = jetstream.DiscardOld // of a subject, of which there is one message
	c.MaxMsgsPerSubject = 1
	c.MaxMsgs, c.MaxBytes, c.MaxAge = -1, -1, 0
	c.MaxMsgSize = -1
	c.AllowDirect = true
	c.Duplicates = time.Second // no message has an id
	c.Metadata = maps.Clone(c.Metadata)
	if c.Metadata == nil {
		c.Metadata = map[string]string{}
	}
	c.Metadata[epochKey] = epoch
	return c
}

// openValues makes sure of the values' stream, with as many replicas as the
// events' has. If values have held events it must be there: with a new one they
// would leave.
func (l *Log) openValues(ctx context.Context) error {
	o := l.o.valueOptions()
	o.Epoch, o.random = *l.epoch.Load(), false
	l.values = &Log{nc: l.nc, js: l.js, open: l.open, close: l.close}
	err := l.again(ctx, func() error {
		info, err := l.events(ctx)
		o.Replicas, o.Existing = info.Config.Replicas, isHeld(info.Config) && !o.Passive
		return err
	})
	if err != nil {
		return err
	}
	l.values.o = o
	if err := l.values.ensure(ctx); err != nil {
		return fmt.Errorf("stream %q: %w", o.Stream, err)
	}
	return l.again(ctx, func() error { return l.stayHeld(ctx) })
}

// A streamInfo is the answer to a question about a stream, with the subjects that
// were asked for.
type streamInfo struct {
	jetstream.StreamInfo
	Error  *jetstream.APIError `json:"error"`
	Total  int                 `json:"total"`
	Offset int                 `json:"offset"`
	Limit  int                 `json:"limit"`
}

// subjects asks once for the subjects of a stream that match a filter, from number
// offset on. The answer counts only from a leader that has heard from followers so
// recently that no other can have been elected: from another it proves nothing.
func (l *Log) subjects(ctx context.Context, filter string, offset int) (info streamInfo, err error) {
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	request, err := json.Marshal(map[string]any{"subjects_filter": filter, "offset": offset})
	if err != nil {
		return info, err
	}
	reply, err := l.nc.RequestWithContext(ctx, "$JS.API.STREAM.INFO."+l.o.Stream, request)
	if err != nil {
		return info, err
	}
	if err := json.Unmarshal(reply.Data, &info); err != nil {
		return info, err
	}
	if info.Error != nil {
		return info, info.Error
	}
	return info, quorumError(&info.StreamInfo)
}

// again calls try until it succeeds, or returns what asking again does not change,
// or ctx ends. A log whose owner knows why there is no answer returns that.
func (l *Log) again(ctx context.Context, try func() error) error {
	for {
		err := try()
		if err == nil || decided(err) {
			return err
		}
		if cause := l.o.Diagnose(false); cause != nil {
			return cause
		}
		if !wait(ctx, againPause) {
			return fmt.Errorf("%w (last answer: %v)", l.interrupted(ctx), err)
		}
	}
}

// decided reports whether an error is one that stays.
func decided(err error) bool {
	for _, one := range []error{
		eventlog.ErrConflict, eventlog.ErrTooLarge, eventlog.ErrFull, eventlog.ErrGap,
		eventlog.ErrNoValue, eventlog.ErrPosition, eventlog.ErrClosed,
	} {
		if errors.Is(err, one) {
			return true
		}
	}
	return false
}
