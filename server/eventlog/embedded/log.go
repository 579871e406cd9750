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
	if err := l.start(ctx); err != nil {
		l.shut()
		return nil, err
	}
	l.release = sync.OnceValue(l.attend())
	return l, nil
}

// start checks the files and starts what the log is made of.
func (l *Log) start(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, openTime, errSlowOpen)
	defer cancel()
	newest, err := l.guard()
	if err != nil {
		return fmt.Errorf("cannot use %q: %w", l.o.Dir, err)
	}
	if err := l.assemble(ctx, newest); err != nil {
		return l.undo(err)
	}
	if l.marker.Stream {
		return nil
	}
	l.marker.Stream = true
	return writeMarker(l.o.Dir, l.marker)
}

// assemble starts the server and opens its stream.
func (l *Log) assemble(ctx context.Context, newest uint64) (err error) {
	if err := l.engine.start(ctx); err != nil {
		return err
	}
	if l.conn, err = l.connect(); err != nil {
		return err
	}
	l.stream = jetstream.Options{
		Stream: streamName, Retention: l.o.Retention, Epoch: l.marker.Epoch, Diagnose: l.diagnose, Logger: l.o.Logger,
	}
	if l.inner, err = jetstream.Open(ctx, l.conn, l.stream); err != nil {
		return err
	}
	state, err := l.inner.State(ctx)
	if err != nil {
		return err
	}
	if state.Epoch != l.marker.Epoch {
		return fmt.Errorf("%w: in %q the file %s is of epoch %s, the events are of epoch %s",
			ErrForeign, l.o.Dir, markerName, l.marker.Epoch, state.Epoch)
	}
	return l.confirm(state, newest)
}

// openTime bounds Open if its context does not. A million events take a second.
const openTime = 2 * time.Minute

var errSlowOpen = errors.New("it did not open within two minutes")

// attend starts the watch, and returns what ends it and everything else.
func (l *Log) attend() (release func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	var watch sync.WaitGroup
	watch.Go(func() { l.watch(ctx) })
	watch.Go(func() { l.keepLinks(ctx) })
	return func() error {
		cancel()
		watch.Wait()
		l.disconnect()
		l.seal()
		l.unlock()
		return nil
	}
}

// shut undoes what has been done so far.
func (l *Log) shut() {
	l.disconnect()
	l.unlock()
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
