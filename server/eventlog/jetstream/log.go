// Package jetstream implements [eventlog.Log] on a stream of a NATS JetStream server or
// cluster.
//
//	log, err := jetstream.Connect(ctx, jetstream.Server{URL: "nats://a:4222,nats://b:4222"},
//		jetstream.Options{Replicas: 3})
//	if err != nil {
//		return err
//	}
//	defer log.Close()
//
// # Promises
//
// All those of package eventlog, with these numbers:
//
//   - Append publishes with the idempotency key as the message id, waits 1 s for
//     the stream's acknowledgement and tries again under the same key, for 10 s
//     in all. An election after the loss of a leader takes 4 to 9 s.
//   - AppendAll publishes an atomic batch, which NATS 2.12 and later have, 4 at a time.
//     A single server first writes it to files of its own: on an idle machine that takes
//     3 ms. If it dies while it stores the batch, it stores the rest when it starts. A
//     cluster whose leader dies stores all of it or none. The stream of an earlier build is changed for
//     it; if that fails, or the servers are older, AppendAll of more than one draft returns
//     [eventlog.ErrNoBatches].
//   - Read asks any replica by direct get, 250 ms a try, for 10 s in all. It
//     works without a quorum, and a replica may lag: what has been read is
//     complete up to Page.Next, but Page.Head is that replica's view. Unless the
//     page holds an event for every number, which most pages of all topics do,
//     the leader is asked afterwards for the stream's first number: that is how
//     an [eventlog.ErrGap] is found, and it costs a round trip.
//   - Only a leader that has heard from a quorum within 2.5 s proves that the log
//     was replaced, or lacks an event. A replica without a leader, or a leader
//     without followers, answers as well, and may lack what was acknowledged: Tail
//     then reports the log as out of reach, Open waits, and State, and a Read that
//     would find a gap, return [eventlog.ErrUnavailable] after 10 s.
//   - Tail receives events by the stream's republishing and reads those that it
//     has missed: it checks the store after each second without an event, and
//     every 2 s it checks that the log is still the same. The server keeps no
//     state of it, so it survives the loss of any server and leaves nothing
//     behind.
//   - Tail reports the log as out of reach, and logs it once, when for 6.5 s the
//     stream has not shown a quorum or could not be read: also while reads go on
//     and a leader without followers still answers. It reports and logs the end
//     within 2 s of the stream's first answer. An election takes 4 to 9 s from the
//     leader's last heartbeat; one in about ten is long enough to be reported.
//   - Appends to servers without room return [eventlog.ErrFull], and Health
//     reports it for a minute or until there is room again. Both changes are
//     logged once.
//   - Values are messages of a second stream, <Stream>-VALUES, with as many replicas. Put
//     compares and stores at its leader; Get asks the leader, and returns
//     [eventlog.ErrNoValue] only if that has heard from a quorum within 2.5 s. A value of
//     more than 64 KiB is stored in chunks of 512 KiB, the value itself last.
//   - From the first value on that holds events, the stream of the events discards
//     nothing by itself and refuses what exceeds its hard limit, and each node trims it:
//     right after a value that holds events was put, and every second. A trim costs ten
//     requests and a sync, and none is done below 2 percent of a limit. Bytes are trimmed by
//     the average size. The first such value of a cluster takes a second longer.
//   - Close ends all calls. It closes the connection if [Connect] made it; a
//     connection that was given to [Open] stays open. It waits for the one goroutine
//     of the log, which trims.
//
// State.First rises when retention removes events, and hardly ever when they expire
// or are replaced. To keep it so, the log writes one internal message an hour to a
// stream with such events. It takes a number, and readers never receive it. In a log
// that is trimmed by its nodes State.First is exact without it.
//
// A stream that is restored from an older backup is another log: give it another
// epoch, the member seaway.epoch of its metadata, or clients that have received
// more than the backup holds are resumed and miss events. Package embedded does
// that by itself. Stop the nodes to back up both streams, or a value may be newer than
// the events. Under another epoch no position of a value is proved.
//
// A key is remembered for Retention.KeyWindow, at most Retention.MaxAge. After
// a restart of a single server, keys of events that have left the log are
// forgotten. Whether a key was used for another request is read from the stored
// event: if that has left the log, it is unknown.
//
// # Refused alternatives
//
// A consumer for each node, or worse for each page: it is state in the server that
// outlives its reader by minutes, reports no gap, skips silently when the stream was
// replaced, and was measured to deliver nothing for 8 s after a lost leader. Publishing
// what cannot be stored, to see whether there is a quorum: a leader refuses it by itself.
// Publishing without waiting: its errors arrive when no caller can act on them. One
// node that trims for all: they would have to elect it, and two trims do no harm. The
// stream's own limits at the oldest position that is held: a change of the stream's
// configuration for each checkpoint, which is not synced to the disk.
package jetstream

import (
	"cmp"
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
	nc       *nats.Conn
	js       jetstream.JetStream
	o        Options
	epoch    atomic.Pointer[string] // of the stream as last seen
	acked    atomic.Uint64          // the highest number that was acknowledged
	foreign  sync.Once              // to log the first message that is not an event
	quorum   quorum                 // when the stream last showed a quorum
	outages  atomic.Int64           // tails to which the log is out of reach
	capacity capacity               // whether the servers have room
	absent   absence                // of the stream, while it is being opened
	updates  int                    // of the stream that failed meanwhile

	replicated atomic.Bool // as last seen: a read may be of a replica that lags

	values   *Log          // requests to the stream of the values, as to that of the events
	held     atomic.Bool   // as last seen: the kit trims the log
	batches  atomic.Bool   // as last seen: the stream takes batches
	batching chan struct{} // has one for each batch that is being published
	trimming trimming

	anchoring sync.Mutex   // held to store an anchor
	anchorDue atomic.Int64 // when the next one is due, in nanoseconds of Unix time

	open  context.Context // ends, with ErrClosed as its cause, by Close
	close context.CancelCauseFunc
}

var _ eventlog.Log = (*Log)(nil)

// Open opens the log on a stream, which it creates or changes as the options
// require. It creates a stream only when the server reports that there is none,
// and a cluster has reported nothing else for a quarter of a second: a stream
// without a leader is not missing. An existing stream must have a quorum, or its
// epoch may be outdated. Open retries until ctx ends, since a cluster that has
// just started takes some seconds to answer; only a permanent refusal ends it
// earlier. It logs once that it waits, after 6.5 s, and once that it has found
// the stream. The connection should reconnect for ever ([nats.MaxReconnects] -1).
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
	if err = l.ensure(ctx); err == nil {
		err = l.openValues(ctx)
	}
	if err != nil {
		l.close(eventlog.ErrClosed)
		return nil, fmt.Errorf("open stream %q: %w", o.Stream, err)
	}
	if !o.Passive {
		l.trimming.ended.Go(l.keepTrimmed)
	}
	return l, nil
}

func newLog(nc *nats.Conn, js jetstream.JetStream, o Options) *Log {
	l := &Log{nc: nc, js: js, o: o, batching: make(chan struct{}, openBatches)}
	l.trimming.kicked = make(chan struct{}, 1)
	l.open, l.close = context.WithCancelCause(context.Background())
	return l
}

// Close implements [eventlog.Log].
func (l *Log) Close() error {
	l.close(eventlog.ErrClosed)
	l.trimming.ended.Wait()
	return nil
}

// Retention returns what the log keeps, with its defaults.
func (l *Log) Retention() eventlog.Retention { return l.o.Retention }

// State implements [eventlog.Log]. The answer is of a leader with a quorum:
// another server may lack events of the log.
func (l *Log) State(ctx context.Context) (eventlog.State, error) {
	ctx, leave, err := l.enter(ctx)
	if err != nil {
		return eventlog.State{}, fmt.Errorf("state: %w", err)
	}
	defer leave()
	ctx, cancel := context.WithTimeoutCause(ctx, budget, errBudget)
	defer cancel()
	for {
		seen, err := l.inspect(ctx)
		if err == nil && seen.unproven == nil {
			return seen.State, nil
		}
		if !wait(ctx, againPause) {
			return eventlog.State{}, fmt.Errorf("state: %w (last answer: %v)", l.interrupted(ctx), cmp.Or(err, seen.unproven))
		}
	}
}

// errRestarted means that an answer may be of the server before or after its
// restart.
var errRestarted = errors.New("the server was restarted meanwhile")

// A view is the stream's state as one of its servers reports it.
type view struct {
	eventlog.State
	// unproven is nil if the server leads the stream and has just heard from a
	// quorum. Otherwise it is the reason why the view does not prove that the
	// log lacks an event, or was replaced.
	unproven error
}

// inspect requests the state once, and stores the epoch: if the stream was
// replaced, events that are appended from now on have the new one.
func (l *Log) inspect(ctx context.Context) (view, error) {
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	gens := l.o.Generations()
	asked := time.Now()
	stream, err := l.js.Stream(ctx, l.o.Stream)
	if err != nil {
		return view{}, err
	}
	if l.o.Generations().Newest() != gens.Newest() {
		return view{}, errRestarted
	}
	info := stream.CachedInfo()
	l.replicated.Store(info.Config.Replicas > 1)
	l.quorum.note(asked, info)
	epoch, err := epochOf(info.Config)
	if err == nil {
		err = l.settle(ctx, info.State.LastSeq)
	}
	if err != nil {
		return view{}, err
	}
	unproven := quorumError(info)
	if epoch != *l.epoch.Load() {
		if unproven != nil {
			return view{}, unproven
		}
		l.o.Logger.Error("the event log was replaced by another", "stream", l.o.Stream, "was", *l.epoch.Load(), "is", epoch)
		l.epoch.Store(&epoch)
		l.anchorDue.Store(0) // the new log may have none
	}
	l.noteConfig(info.Config)
	first, err := l.firstOf(ctx, info)
	if err != nil && unproven == nil {
		return view{}, err
	}
	return view{eventlog.State{
		Epoch: epoch, First: first, Last: info.State.LastSeq, Events: info.State.Msgs, Bytes: info.State.Bytes,
		Retention: l.o.Retention, Generations: gens,
	}, unproven}, nil
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
