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
	// tryTime bounds one question to the stream's leader. Questions asked
	// while there is none are dropped without an answer.
	tryTime = time.Second
	// budget bounds all the tries of one call. An election takes up to 9 s.
	budget = 10 * time.Second
	// againPause lies between two tries.
	againPause = 50 * time.Millisecond
	// headerRoom is what the headers add to an event's size, 490 bytes at most.
	headerRoom = 512
)

// errBudget is the reason why a call without a deadline of its own gives up.
var errBudget = errors.New("no answer within 10 s")

// Options say how to open a stream. The zero value of each field stands for its
// default.
type Options struct {
	// Stream is the stream's name, a token of [A-Za-z0-9_-]. Default SEAWAY.
	Stream string

	// Subject is the prefix of all subjects, formed like a topic. Default
	// seaway. The event of topic t is published on <Subject>.t and republished
	// on <Subject>-live.<epoch>.t. A user that may publish on <Subject>.>,
	// $JS.API.STREAM.INFO.<Stream>, $JS.API.STREAM.MSG.GET.<Stream> and
	// $JS.API.DIRECT.GET.<Stream>, and subscribe to <Subject>-live.> and its inbox, can do all but create or
	// change the stream.
	Subject string

	// Replicas is the number of servers that hold the stream. Default 1 for a
	// new stream; an existing one is left as it is.
	Replicas int

	// Retention bounds the stream.
	Retention eventlog.Retention

	// Epoch names the birth of a stream that has to be created. Default a
	// random one.
	Epoch string

	// Generations, if not nil, returns the generations of the log as they are
	// now. They must be changed only while no server can be reached that stores
	// events. Package embedded keeps them; the default is none.
	Generations func() eventlog.Generations

	// Existing says that the stream has been there before: Open then returns
	// [ErrMissing] instead of creating it. Default false, for a log that may be
	// new.
	Existing bool

	// Diagnose, if not nil, is called when an append gets no answer. An error
	// from it ends the append. It lets the owner of an embedded server tell a
	// full disk, which JetStream answers with silence, from an outage.
	Diagnose func() error

	// Logger gets what no caller is told. Default [slog.Default].
	Logger *slog.Logger

	dial   *dialing // set by Connect
	random bool     // nobody else knows the Epoch

	diagnosed bool // there is a Diagnose
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
		o.Diagnose = func() error { return nil }
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

// applyTo returns c changed to what the options ask for. What they do not speak
// of stays as an operator may have set it.
func (o Options) applyTo(c jetstream.StreamConfig, epoch string) jetstream.StreamConfig {
	r := o.Retention
	c.Name = o.Stream
	c.Subjects = []string{o.Subject + ".>"}
	c.Replicas = cmp.Or(o.Replicas, c.Replicas, 1)
	c.Discard = jetstream.DiscardOld
	c.MaxMsgs, c.MaxBytes, c.MaxAge = r.MaxEvents, r.MaxBytes, r.MaxAge
	c.MaxMsgSize = int32(r.MaxEvent + headerRoom)
	c.Duplicates = min(r.KeyWindow, r.MaxAge) // the server refuses a longer one
	c.AllowDirect, c.AllowRollup, c.AllowMsgTTL = true, true, true
	c.RePublish = &jetstream.RePublish{Source: o.Subject + ".>", Destination: o.live(epoch) + ".>"}
	c.Metadata = maps.Clone(c.Metadata)
	if c.Metadata == nil {
		c.Metadata = map[string]string{}
	}
	c.Metadata[epochKey] = epoch
	return c
}

// live returns the prefix of the subjects on which events are republished. The
// epoch is part of it so that nobody takes another log's events for this one's.
func (o Options) live(epoch string) string { return o.Subject + "-live." + epoch }

// wait pauses, and reports whether ctx goes on.
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
