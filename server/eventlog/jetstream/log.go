// Package jetstream is the log on a NATS JetStream stream, embedded or in a
// cluster.
//
// # Promises
//
// All those of package eventlog, with these numbers:
//
//   - Append publishes with the idempotency key as the message id, waits 1 s for
//     the stream's acknowledgement and tries again under the same key, for 10 s
//     in all. An election after the loss of a leader takes 4 to 9 s.
//   - Read asks any replica by direct get, 250 ms a try, for 10 s in all. It
//     works without a quorum, and a replica may lag: what has been read is
//     complete up to Page.Next, but Page.Head is that replica's view.
//   - Tail hears of events by the stream's republishing and reads whatever it
//     has missed: it looks after each second of silence, and every 2 s it
//     checks that the log is still the same. Nothing of it is kept in the
//     server, so it survives the loss of any server and leaves nothing behind.
//   - Tail reports the log as out of reach, and logs it once, when for 6.5 s the
//     stream has not shown a quorum or could not be read: also while reads go on
//     and a leader without followers still answers. It reports and logs the end
//     within 2 s of the stream's first answer. An election takes 4 to 9 s from the
//     leader's last heartbeat; one in about ten is long enough to be reported.
//   - Servers without room are an [eventlog.ErrFull] for appends, and Health says
//     so for a minute or until there is room again, which are logged once each.
//   - Close ends what is going on and leaves the connection, which belongs to
//     the caller, as it is. The log has no goroutines of its own: the questions
//     for a quorum are Tail's, on its caller's goroutine.
//
// State.First moves on when retention removes events, and hardly ever when they
// leave by themselves: see anchor.go. So the stream holds a message an hour that
// is no event, and has a number, if events of one topic or of a lifetime do.
//
// A stream that is restored from an older backup is another log: give it another
// epoch, the member seaway.epoch of its metadata, or clients that have seen more
// than the backup holds are resumed over what they have not seen. Package embedded
// does as much by itself.
//
// A key is remembered for Retention.KeyWindow, at most Retention.MaxAge. After
// a restart of a single server, keys of events that have left the log are
// forgotten. Whether a key was used for another request is read from the stored
// event: of one that has left the log it is not known.
//
// # Refused alternatives
//
// A consumer for each node, or worse for each page: it is state in the server
// that outlives its reader by minutes, reports no gap, skips silently when the
// stream was replaced, and was seen to stay away for 8 s after a lost leader.
// Publishing what cannot be stored, to see whether there is a quorum: a leader
// refuses it by itself. Publishing without waiting: its errors arrive when nobody can act on them.
package jetstream

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seawaykit/seaway/server/eventlog"
)

// A Log is a stream of a NATS server or cluster.
type Log struct {
	nc     *nats.Conn
	js     jetstream.JetStream
	o      Options
	epoch  atomic.Pointer[string] // of the stream as last seen
	acked  atomic.Uint64          // the highest number that was acknowledged
	alien  sync.Once              // to log the first message that is no event
	known  quorum                 // whether something can be stored
	room   room                   // whether there is any
	absent absence                // of the stream, while it is being opened

	replicated atomic.Bool // as last seen: a read may be of a replica that lags

	anchoring sync.Mutex   // held by who stores an anchor
	anchorDue atomic.Int64 // when the next one is due, in nanoseconds of Unix time

	open  context.Context // ends, with ErrClosed as its cause, by Close
	close context.CancelCauseFunc
}

var _ eventlog.Log = (*Log)(nil)

// Open makes sure that the stream is there and as the options say, creating or
// changing it, and returns the log on it. A new one is created only when the
// server says that there is none, and on a cluster when it has said nothing else
// for a quarter of a second: a stream without a leader is not a new one. It tries
// until ctx ends, since a cluster that has just started takes some seconds to
// answer; only a refusal that will not change ends it earlier. It logs once that
// it waits, after 6.5 s, and once that it has found the stream. The connection
// should reconnect for ever ([nats.MaxReconnects] -1).
func Open(ctx context.Context, nc *nats.Conn, o Options) (*Log, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("open stream %q: %w", o.Stream, err)
	}
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, fmt.Errorf("open stream %q: %w", o.Stream, err)
	}
	l := newLog(nc, js, o)
	if err := l.ensure(ctx); err != nil {
		l.close(eventlog.ErrClosed)
		return nil, fmt.Errorf("open stream %q: %w", o.Stream, err)
	}
	return l, nil
}

func newLog(nc *nats.Conn, js jetstream.JetStream, o Options) *Log {
	l := &Log{nc: nc, js: js, o: o}
	l.open, l.close = context.WithCancelCause(context.Background())
	return l
}

// Close implements [eventlog.Log].
func (l *Log) Close() error {
	l.close(eventlog.ErrClosed)
	return nil
}

// State implements [eventlog.Log]. The leader answers.
func (l *Log) State(ctx context.Context) (eventlog.State, error) {
	ctx, leave, err := l.enter(ctx)
	if err != nil {
		return eventlog.State{}, fmt.Errorf("state: %w", err)
	}
	defer leave()
	ctx, cancel := context.WithTimeoutCause(ctx, budget, errBudget)
	defer cancel()
	for {
		state, err := l.inspect(ctx)
		if err == nil {
			return state, nil
		}
		if !wait(ctx, againPause) {
			return eventlog.State{}, fmt.Errorf("state: %w (last answer: %v)", l.interrupted(ctx), err)
		}
	}
}

// errRestarted says that an answer may be of the server before its restart or
// after.
var errRestarted = errors.New("the server was restarted meanwhile")

// inspect asks for the state once, and takes note of the epoch: if the stream
// was replaced, what is appended from now on has the new one.
func (l *Log) inspect(ctx context.Context) (eventlog.State, error) {
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	gens := l.o.Generations()
	asked := time.Now()
	stream, err := l.js.Stream(ctx, l.o.Stream)
	if err != nil {
		return eventlog.State{}, err
	}
	if l.o.Generations().Newest() != gens.Newest() {
		return eventlog.State{}, errRestarted
	}
	info := stream.CachedInfo()
	l.replicated.Store(info.Config.Replicas > 1)
	l.known.note(asked, info)
	epoch, err := epochOf(info.Config)
	if err != nil {
		return eventlog.State{}, err
	}
	if epoch != *l.epoch.Load() {
		l.o.Logger.Error("the event log was replaced by another", "stream", l.o.Stream, "was", *l.epoch.Load(), "is", epoch)
		l.epoch.Store(&epoch)
		l.anchorDue.Store(0) // the new log may have none
	}
	state := eventlog.State{Epoch: epoch, First: info.State.FirstSeq, Last: info.State.LastSeq, Generations: gens}
	if info.State.Msgs == 0 {
		state.First = state.Last + 1
	}
	return state, nil
}

// enter derives a context that also ends when the log is closed.
func (l *Log) enter(ctx context.Context) (_ context.Context, leave func(), err error) {
	if l.open.Err() != nil || l.nc.IsClosed() {
		return nil, nil, eventlog.ErrClosed
	}
	if ctx.Err() != nil {
		return nil, nil, eventlog.Interrupted(ctx)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(l.open, func() { cancel(eventlog.ErrClosed) })
	return ctx, func() { stop(); cancel(nil) }, nil
}

// interrupted returns the error for a ctx of enter that has ended.
func (l *Log) interrupted(ctx context.Context) error {
	if errors.Is(context.Cause(ctx), eventlog.ErrClosed) || l.nc.IsClosed() {
		return eventlog.ErrClosed
	}
	return eventlog.Interrupted(ctx)
}
