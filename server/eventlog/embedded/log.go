// Package embedded is the log on a NATS JetStream server inside this process,
// with its data in one directory and no listening port.
//
// # Promises
//
// All those of package jetstream, and:
//
//   - An acknowledged event survives kill -9 and, unless the options say
//     otherwise, a power cut.
//   - One process has the directory: a second one gets [ErrLocked]. The server
//     itself would let both write, and lose what one of them wrote.
//   - The server only ever sees a directory that was made by this package, for
//     a single server. One that was made for a cluster it would empty.
//   - Before the server starts, every file with events is read and checked
//     against its checksums. If one is missing, damaged or cannot be read, Open
//     returns [ErrDamaged] with the file's name and changes nothing; the server
//     itself would delete what it cannot read, or cut it short, and say nothing.
//     Only the end of the newest file may be cut off, as a crash leaves it. The
//     files that describe the events (configuration, index) are made anew.
//   - The log's epoch is kept beside the server's files, so that ids stay valid
//     when the stream's own configuration is damaged and has to be made anew.
//   - A restored copy of the directory is known for one, and so is a lost end of
//     the events: the file GENERATIONS beside the server's files has a random
//     name for each start, with the first number that it gave, and ids carry it.
//     Clients that have seen more than the copy holds are reset, whatever has
//     happened since. Without that file, or with a damaged one, all are.
//   - A disk without room is an [eventlog.ErrFull] for every append, while reads
//     and tails go on, and the log mends itself when there is room again. The
//     server alone would answer with silence, and go on so until a restart.
//   - Nothing listens: not on TCP, not on a Unix socket.
//   - Close ends the server and waits for it, then gives the directory up. It
//     loses nothing, nor does the end of the process without it.
//
// A goroutine watches over the server's health. Close ends it.
package embedded

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/eventlog/jetstream"
	"github.com/seawaykit/seaway/shared/event"
)

// A Log is a log in a directory.
type Log struct {
	o       Options
	unlock  func() // gives the directory up
	marker  marker
	files   files
	links   links
	filing  sync.Mutex // held by who changes names or the record
	gens    atomic.Pointer[eventlog.Generations]
	engine  *engine
	conn    *nats.Conn // to the engine
	stream  jetstream.Options
	inner   *jetstream.Log
	sick    atomic.Pointer[sickness] // nil when well
	release func() error             // what Close does, once
}

var _ eventlog.Log = (*Log)(nil)

// Open opens the log of a directory, which is created if it is not there. It
// takes milliseconds, or about a second if there are a million events.
func Open(ctx context.Context, o Options) (*Log, error) {
	l, err := open(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("open the event log: %w", err)
	}
	return l, nil
}

func open(ctx context.Context, o Options) (l *Log, err error) {
	if o, err = o.withDefaults(); err != nil {
		return nil, err
	}
	marker, unlock, err := claim(o.Dir)
	if err != nil {
		return nil, err
	}
	o.boundBytes()
	f := files{o.Dir}
	l = &Log{o: o, unlock: unlock, marker: marker, files: f, links: links{f}, engine: &engine{o: o}}
	if err := l.assemble(ctx); err != nil {
		l.shut()
		return nil, err
	}
	l.release = sync.OnceValue(l.attend())
	return l, nil
}

// assemble starts what the log is made of. On a disk without room it can be read.
func (l *Log) assemble(ctx context.Context) (err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, openTime, errSlowOpen)
	defer cancel()
	l.stream = jetstream.Options{
		Stream: streamName, Retention: l.o.Retention, Epoch: l.marker.Epoch, Generations: l.generations,
		Diagnose: l.diagnose, Logger: l.o.Logger,
	}
	err = l.begin(ctx)
	if full := (unrecorded{}); errors.As(err, &full) {
		l.fail(full)
		l.engine.admit() // nothing is held back yet, and nothing will be appended
		err = nil
	}
	if err != nil {
		return err
	}
	if l.conn, err = l.connect(); err != nil {
		return err
	}
	l.inner, err = jetstream.Open(ctx, l.conn, l.stream)
	return err
}

// openTime bounds Open if its context does not. A million events take a second.
const openTime = 2 * time.Minute

var errSlowOpen = errors.New("it did not open within two minutes")

// attend starts the watch, and returns what ends it and everything else.
func (l *Log) attend() (release func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	var watch sync.WaitGroup
	watch.Go(func() { l.watch(ctx) })
	watch.Go(func() { l.keep(ctx) })
	return func() error {
		cancel()
		watch.Wait()
		last := l.last()
		l.disconnect()
		l.seal(last)
		l.unlock()
		return nil
	}
}

// shut undoes what has been done so far.
func (l *Log) shut() {
	l.disconnect()
	l.unlock()
}

// last returns the number of the newest event, or 0 if that is not to be had.
func (l *Log) last() uint64 {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	state, err := l.inner.State(ctx)
	if err != nil {
		return 0
	}
	return state.Last
}

// disconnect ends the server and all that is connected to it.
func (l *Log) disconnect() {
	if l.inner != nil {
		l.inner.Close()
	}
	if l.conn != nil {
		l.conn.Close()
	}
	l.engine.stop()
}

// connect returns a connection that finds the server again after a restart.
func (l *Log) connect() (*nats.Conn, error) {
	return nats.Connect("", nats.InProcessServer(l.engine), nats.Name("seaway"),
		nats.MaxReconnects(-1), nats.ReconnectWait(20*time.Millisecond),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			// A tail that is slow is told so; it reads what it was not given.
			l.o.Logger.Debug("the event log's connection", "error", err)
		}))
}

// Append implements [eventlog.Log].
func (l *Log) Append(ctx context.Context, d event.Draft) (event.ID, error) {
	if sick := l.sick.Load(); sick != nil && !l.conn.IsClosed() {
		return event.ID{}, fmt.Errorf("append to %.160q: %w", d.Topic, sick)
	}
	return l.inner.Append(ctx, d)
}

// Read implements [eventlog.Log].
func (l *Log) Read(ctx context.Context, from uint64, limit int, topics ...string) (eventlog.Page, error) {
	return l.inner.Read(ctx, from, limit, topics...)
}

// Tail implements [eventlog.Log].
func (l *Log) Tail(ctx context.Context, from uint64, fn func([]event.Event, error)) error {
	return l.inner.Tail(ctx, from, fn)
}

// State implements [eventlog.Log].
func (l *Log) State(ctx context.Context) (eventlog.State, error) { return l.inner.State(ctx) }

// Close implements [eventlog.Log].
func (l *Log) Close() error { return l.release() }
