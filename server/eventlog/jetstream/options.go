package jetstream

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

const (
	// tryTime is the timeout of one request to the stream's leader. Requests
	// are dropped without an answer while there is no leader.
	tryTime = time.Second
	// budget is the timeout of all tries of one call. An election takes up to 9
	// s.
	budget = 10 * time.Second
	// againPause is the time between two tries.
	againPause = 50 * time.Millisecond
	// headerRoom is what the headers add to an event's size, 490 bytes at most, and
	// 540 in a batch.
	headerRoom = 576
)

// errBudget is the cause when a call without a shorter deadline gives up.
var errBudget = errors.New("no answer within 10 s")

// Options configure a [Log]. The zero value of each field stands for its
// default.
type Options struct {
	// Stream is the stream's name, a token of [A-Za-z0-9_-]. Default SEAWAY.
	Stream string

	// Subject is the prefix of all subjects, formed like a topic. Default
	// seaway. The event of topic t is published on <Subject>.t and republished
	// on <Subject>-live.<epoch>.t. A user that may publish on <Subject>.>,
	// $JS.API.STREAM.INFO.<Stream>, $JS.API.STREAM.MSG.GET.<Stream> and
	// $JS.API.DIRECT.GET.<Stream>, and subscribe to <Subject>-live.> and its inbox, can do all but create or
	// change the stream. For values it needs the same rights for <Subject>-values.> and
	// <Stream>-VALUES, and $JS.API.STREAM.PURGE and $JS.API.STREAM.MSG.DELETE of that;
	// for values that hold events also $JS.API.STREAM.PURGE and, for the first one,
	// $JS.API.STREAM.UPDATE of <Stream>. Without that a stream that an earlier build made
	// stores one event at a time, until allow_atomic is set for it.
	Subject string

	// Replicas is the number of servers that hold the stream. Default 1 for a
	// new stream; an existing one is not changed.
	Replicas int

	// Retention bounds the stream.
	Retention eventlog.Retention

	// Epoch is the name of a new log, stored with a stream that has to be
	// created. Default a random one.
	Epoch string

	// Generations, if not nil, returns the log's current generations. They may
	// be changed only while no server that stores events can be reached.
	// Package embedded keeps them; the default is none.
	Generations func() eventlog.Generations

	// Existing makes Open return [ErrMissing] instead of creating the stream,
	// for a log that is known to exist. Default false.
	Existing bool

	// Passive is for a look at the streams before they are used, as package embedded
	// takes at each start: the log trims nothing by itself, and the stream of values is
	// made anew if its configuration is lost, whatever they held.
	Passive bool

	// Diagnose, if not nil, is called when an append gets no answer, or the answer
	// that several events could not be collected, to be stored as one. An error
	// from it ends the append. It lets the owner of an embedded server
	// distinguish a full disk, on which JetStream does not answer, from an
	// outage.
	Diagnose func(uncollected bool) error

	// Durable, if not nil, returns once the messages of a stream up to a number are
	// durable. It is called with numbers that the server has acknowledged, or has
	// returned, before anything relies on them: an append whose message it fails for
	// has an unknown outcome, and nothing that it fails for is shown. It lets the owner
	// of an embedded server sync once for all appends that wait.
	Durable func(ctx context.Context, stream string, seq uint64) error

	// Logger gets what no call returns. Default [slog.Default].
	Logger *slog.Logger

	dialError *lastDialError // set by Connect
	random    bool           // the Epoch was made up

	diagnosed bool // there is a Diagnose
	isValues  bool // they are those of the values' stream
}

func (o Options) withDefaults() (Options, error) {
	o.Stream = cmp.Or(o.Stream, "SEAWAY")
	o.Subject = cmp.Or(o.Subject, "seaway")
	o.random = o.Epoch == ""
	o.Epoch = cmp.Or(o.Epoch, eventlog.NewEpoch())
	o.Logger = cmp.Or(o.Logger, slog.Default())
	o.Retention = o.Retention.WithDefaults()
	o.diagnosed = o.Diagnose != nil
	if o.Diagnose == nil {
		o.Diagnose = func(bool) error { return nil }
	}
	if o.Generations == nil {
		o.Generations = func() eventlog.Generations { return nil }
	}
	if err := event.CheckTopic(o.Stream); err != nil || strings.Contains(o.Stream, ".") {
		return o, fmt.Errorf("a stream's name is made of A-Z, a-z, 0-9, _ and -")
	}
	if err := event.CheckTopic(o.Subject); err != nil {
		return o, fmt.Errorf("the subject's prefix: %w", err)
	}
	return o, event.CheckEpoch(o.Epoch)
}

// epochKey is the member of the stream's metadata that holds its epoch.
const epochKey = "seaway.epoch"

// applyTo returns c with the options applied. Other fields stay as an operator
// may have set them.
func (o Options) applyTo(c jetstream.StreamConfig, epoch string) jetstream.StreamConfig {
	if o.isValues {
		return o.applyToValues(c, epoch)
	}
	r := o.Retention
	c.Name = o.Stream
	c.Subjects = []string{o.Subject + ".>"}
	c.Replicas = cmp.Or(o.Replicas, c.Replicas, 1)
	c.Discard = jetstream.DiscardOld
	c.MaxMsgs, c.MaxBytes, c.MaxAge = r.MaxEvents, r.MaxBytes, r.MaxAge
	if isHeld(c) {
		o.applyHeld(&c)
	}
	c.MaxMsgSize = int32(r.MaxEvent + headerRoom)
	c.Duplicates = min(r.KeyWindow, r.MaxAge) // the server refuses a longer one
	c.AllowDirect, c.AllowRollup, c.AllowMsgTTL, c.AllowAtomicPublish = true, true, true, true
	c.RePublish = &jetstream.RePublish{Source: o.Subject + ".>", Destination: o.live(epoch) + ".>"}
	c.Metadata = maps.Clone(c.Metadata)
	if c.Metadata == nil {
		c.Metadata = map[string]string{}
	}
	c.Metadata[epochKey] = epoch
	return c
}

// live returns the prefix of the subjects on which events are republished. The
// epoch is part of it so that a tail never receives another log's events.
func (o Options) live(epoch string) string { return o.Subject + "-live." + epoch }

// wait pauses, and reports false if ctx ends before.
func wait(ctx context.Context, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
