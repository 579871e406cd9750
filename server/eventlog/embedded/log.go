// Package embedded opens a log on a NATS JetStream server inside this process, with its
// data in one directory and no listening port.
//
//	log, err := embedded.Open(ctx, embedded.Options{Dir: "data"})
//	if err != nil {
//		return err // an ErrLocked, ErrForeign, ErrNotWritable or ErrDamaged names the file
//	}
//	defer log.Close()
//
// # Promises
//
// All those of package jetstream, and:
//
//   - An acknowledged event survives kill -9 and, unless the options say otherwise, a
//     power cut. So does one that Read or Tail has returned. Appends that come at the
//     same time share a sync of the disk: sixty-four callers append some times as often
//     as the disk syncs.
//   - One process has the directory: a second one gets [ErrLocked]. The NATS server
//     itself would let both write, and lose what one of them wrote.
//   - The NATS server only ever opens a directory that was made by this package, for a
//     single server. It would empty one that was made for a cluster.
//   - Before the NATS server starts, every file with events is read and checked against
//     its checksums. If one is missing, damaged or cannot be read, Open returns
//     [ErrDamaged] with the file's name and changes nothing; the NATS server would
//     silently delete or truncate a file that it cannot read. Only the end of the newest
//     file may be cut off, as a crash leaves it; a file that comes after one whose end
//     was never synced is removed. The files that describe the events (configuration,
//     index) are rebuilt.
//   - The same holds for the values, which are files of their own beside those of the
//     events: a copy of the directory holds both. If the end of the events was lost, a
//     value at a position beyond it is kept, and holds all events if it holds any; that is
//     logged once at the start.
//   - The log's epoch is kept beside the NATS server's files, so that ids stay valid when
//     the stream's configuration is damaged and has to be rebuilt.
//   - A restored older copy of the directory is detected, and so is a lost end of
//     the events: the file GENERATIONS beside the NATS server's files has a random
//     name for each start, with the first number that it gave, and ids carry that
//     name. Clients that have received more than the copy holds are reset, whatever
//     has happened since. If that file is missing or damaged, all clients are reset.
//   - On a full disk every append returns [eventlog.ErrFull], while reads and tails go on,
//     and the log recovers by itself when there is room again; a value stays as it was.
//     The NATS server alone would not answer, until it is restarted. An AppendAll that had
//     begun to store its events returns [eventlog.ErrUnavailable]: readers may see the
//     first of them, and see the others once there is room.
//   - If a sync fails, what it was for has an unknown outcome, and nothing is stored or
//     shown that is newer until the server has been started again.
//   - Events that AppendAll stores as one are whole after a kill -9 or a power cut: a start
//     that finds a part of them at the log's end, and not the rest, removes it.
//   - Nothing listens: not on TCP, not on a Unix socket.
//   - Close stops the NATS server, waits for it, and then unlocks the directory. It loses
//     nothing, nor does the end of the process without it.
//
// Goroutines check the server's health and keep a second name (a hard link) for each
// of its files, so that a file is not lost that is deleted by mistake, or replaced by a
// copy that is not durable yet. Close ends them.
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
	o         Options
	unlock    func() // unlocks the directory
	meta      directoryMeta
	files     files
	links     links
	filesMu   sync.Mutex         // held to change file names or the record
	noted     reach              // the numbers in the record
	synced    map[string][]block // of each stream, what may be in the record; nil for all there is
	gens      atomic.Pointer[eventlog.Generations]
	engine    *engine
	conn      *nats.Conn // to the engine
	stream    jetstream.Options
	inner     *jetstream.Log
	commits   atomic.Pointer[commits]        // nil if appends are not synced in groups
	unhealthy atomic.Pointer[unhealthyError] // nil when healthy
	reached   atomic.Pointer[reached]        // nil while nothing is known
	release   func() error                   // Close, once
	dropped   bool                           // damaged events were dropped at the start
}

var _ eventlog.Log = (*Log)(nil)

// Open opens the log in a directory, which is created if it is missing. It
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
	meta, unlock, err := lockDirectory(o.Dir)
	if err != nil {
		return nil, err
	}
	o.boundBytes()
	f := files{o.Dir}
	l = &Log{o: o, unlock: unlock, meta: meta, files: f, links: links{f}, engine: &engine{o: o}}
	if err := l.start(ctx); err != nil {
		l.closeUnopened()
		return nil, err
	}
	l.release = sync.OnceValue(l.startWatch())
	return l, nil
}

// start starts the server and connects to it. On a full disk the log can be read.
func (l *Log) start(ctx context.Context) (err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, openTime, errSlowOpen)
	defer cancel()
	l.stream = jetstream.Options{
		Stream: streamName, Retention: l.o.Retention, Epoch: l.meta.Epoch, Generations: l.generations,
		Diagnose: l.diagnoseAppend, Durable: l.durable, Logger: l.o.Logger,
	}
	err = l.begin(ctx)
	if full := (unrecorded{}); errors.As(err, &full) {
		l.setUnhealthy(full)
		l.engine.open() // no append is waiting yet, and none will be stored
		err = nil
	}
	if err != nil {
		return err
	}
	if l.conn, err = l.connect(); err != nil {
		return err
	}
	l.inner, err = jetstream.Open(ctx, l.conn, l.stream)
	if err == nil && l.dropped {
		err = l.keepValues(ctx)
	}
	return err
}

// openTime bounds Open if its context does not. A million events take a second.
const openTime = 2 * time.Minute

var errSlowOpen = errors.New("it did not open within two minutes")

// startWatch starts the goroutines, and returns the function that ends them and
// closes the log.
func (l *Log) startWatch() (release func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	var goroutines sync.WaitGroup
	goroutines.Go(func() { l.watchHealth(ctx) })
	goroutines.Go(func() { l.maintain(ctx) })
	return func() error {
		cancel()
		goroutines.Wait()
		last := l.last()
		l.disconnect()
		l.recordCleanClose(last)
		l.unlock()
		return nil
	}
}

// closeUnopened undoes an Open that has failed.
func (l *Log) closeUnopened() {
	l.disconnect()
	l.unlock()
}

// last returns the newest numbers, or 0 if they cannot be read.
func (l *Log) last() reach {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	last, err := l.reach(ctx)
	if err != nil {
		return reach{}
	}
	return last
}

// reach returns the newest numbers.
func (l *Log) reach(ctx context.Context) (last reach, err error) {
	state, err := l.inner.State(ctx)
	if err != nil {
		return reach{}, err
	}
	values, err := l.inner.LastValue(ctx)
	return reach{state.Last, values}, err
}

// disconnect closes the connections and stops the server.
func (l *Log) disconnect() {
	if l.inner != nil {
		l.inner.Close()
	}
	if l.conn != nil {
		l.conn.Close()
	}
	l.engine.stop()
	if c := l.commits.Load(); c != nil {
		c.finish()
	}
}

// connect returns a connection that reconnects after a restart of the server.
func (l *Log) connect() (*nats.Conn, error) {
	return nats.Connect("", nats.InProcessServer(l.engine), nats.Name("seaway"),
		nats.MaxReconnects(-1), nats.ReconnectWait(20*time.Millisecond),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			// A slow tail's subscription drops messages; the tail reads them
			// from the store.
			l.o.Logger.Debug("the event log's connection", "error", err)
		}))
}

// Append implements [eventlog.Log].
func (l *Log) Append(ctx context.Context, d event.Draft) (event.ID, error) {
	if err := l.unhealthy.Load(); err != nil && !l.conn.IsClosed() {
		return event.ID{}, fmt.Errorf("append to %.160q: %w", d.Topic, err)
	}
	id, err := l.inner.Append(ctx, d)
	if err == nil {
		l.note(id.Generation(), id.Seq())
	}
	return id, err
}

// AppendAll implements [eventlog.Log].
func (l *Log) AppendAll(ctx context.Context, drafts []event.Draft) ([]event.ID, error) {
	if err := l.unhealthy.Load(); err != nil && !l.conn.IsClosed() {
		return nil, fmt.Errorf("append %d events: %w", len(drafts), err)
	}
	ids, err := l.inner.AppendAll(ctx, drafts)
	if err == nil {
		newest := ids[len(ids)-1]
		l.note(newest.Generation(), newest.Seq())
	}
	return ids, err
}

// Read implements [eventlog.Log].
func (l *Log) Read(ctx context.Context, from uint64, limit int, topics ...string) (eventlog.Page, error) {
	return l.inner.Read(ctx, from, limit, topics...)
}

// Replay implements [eventlog.Replayer].
func (l *Log) Replay(from uint64, topics ...string) eventlog.Replay {
	return l.inner.Replay(from, topics...)
}

// Tail implements [eventlog.Log].
func (l *Log) Tail(ctx context.Context, from uint64, fn func([]event.Event, error)) error {
	return l.inner.Tail(ctx, from, fn)
}

// State implements [eventlog.Log].
func (l *Log) State(ctx context.Context) (eventlog.State, error) {
	state, err := l.inner.State(ctx)
	if err == nil {
		l.note(state.Generations.Newest(), state.Last)
	}
	return state, err
}

// Retention returns what the log keeps, with its defaults.
func (l *Log) Retention() eventlog.Retention { return l.o.Retention }

// Close implements [eventlog.Log].
func (l *Log) Close() error { return l.release() }
