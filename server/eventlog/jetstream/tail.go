package jetstream

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

const (
	// tailBatch bounds a batch, and a page that is read to catch up.
	tailBatch = 256
	// liveBuffer is how many republished events wait for fn. More are dropped
	// by the client, and read from the store instead: a slow fn costs reads,
	// not memory.
	liveBuffer = 1024
	// quietTime is how long a quiet tail waits before it reads events that it
	// may have missed: nothing else shows that the last republished event was
	// lost.
	quietTime = time.Second
	// checkEvery is how often a busy tail checks that the log is the same, and
	// has a quorum.
	checkEvery = 2 * time.Second
	// lagTime is how long a tail waits for the replicas to hold what the leader
	// has republished. Asked every 10 ms, all of them have been asked by then.
	lagTime = 10 * time.Second
	// shortTime is how long a leader's log may be shorter than what was delivered:
	// a new leader first catches up with what the old one sent out, and an old one
	// can believe that it leads for heartbeatTime after another does.
	shortTime = 3 * time.Second
	// outagePause is the time between two checks of a log that is out of reach.
	outagePause = 250 * time.Millisecond
)

// Tail implements [eventlog.Log].
func (l *Log) Tail(ctx context.Context, from uint64, fn func([]event.Event, error)) error {
	if err := l.tail(ctx, from, fn); ctx.Err() == nil {
		return fmt.Errorf("tail from %d: %w", from, err)
	}
	return ctx.Err()
}

func (l *Log) tail(ctx context.Context, from uint64, fn func([]event.Event, error)) error {
	ctx, leave, err := l.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	t := &tail{log: l, of: l.lineage(), next: from, fn: fn, live: make(chan *nats.Msg, liveBuffer), begun: time.Now()}
	t.read = t.begun
	// The subscription comes first: what is stored between it and the first
	// look into the store comes twice, and is dropped by its number.
	sub, err := l.nc.ChanSubscribe(l.o.live(t.of.epoch)+".>", t.live)
	if err != nil {
		return l.interrupted(ctx)
	}
	defer sub.Unsubscribe()
	defer t.leaveOutage()
	for {
		err := t.follow(ctx)
		if ctx.Err() != nil || l.nc.IsClosed() {
			return l.interrupted(ctx)
		}
		if errors.Is(err, eventlog.ErrGap) {
			t.endOutage() // a gap is proved by a quorum only
			return err
		}
		if t.overdue() {
			t.beginOutage(err)
		}
		wait(ctx, outagePause)
	}
}

// A tail is the state of one Tail.
type tail struct {
	log       *Log
	of        lineage        // of the log, as last checked
	next      uint64         // the lowest number that may be delivered; 0 for the oldest that is left
	delivered event.ID       // the newest event that was delivered
	live      chan *nats.Msg // what the stream republishes
	fn        func([]event.Event, error)

	begun    time.Time
	read     time.Time // when the tail had last read all that is stored
	checked  time.Time // when check was last called
	caughtUp bool      // fn has been given all events that there were at first
	inOutage bool      // fn was given ErrUnavailable
}

// follow delivers events until something fails. A restart of the server is not
// a failure.
func (t *tail) follow(ctx context.Context) error {
	for {
		err := t.begin(ctx)
		if err == nil {
			err = t.listen(ctx)
		}
		if !errors.Is(err, errRestarted) {
			return err
		}
	}
}

// listen delivers republished events, and reads the missed ones.
func (t *tail) listen(ctx context.Context) error {
	quiet, check := time.NewTimer(quietTime), time.NewTicker(checkEvery)
	defer quiet.Stop()
	defer check.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return ctx.Err()
		case m := <-t.live:
			if err = t.accept(ctx, m); err == nil {
				t.read = time.Now()
			}
		case <-quiet.C:
			err = t.catchUp(ctx)
		case <-check.C:
			err = t.verify(ctx)
		}
		if err != nil {
			return err
		}
		quiet.Reset(t.quietTimeout())
	}
}

// begin catches up after a start or restart of the server. Events that an
// earlier server republished are dropped: they may never have been stored. All
// of them have come when check returns, since that asks the present server.
func (t *tail) begin(ctx context.Context) error {
	t.of.gens = t.log.o.Generations()
	if _, err := t.check(ctx); err != nil {
		return err
	}
	for range len(t.live) {
		<-t.live
	}
	return t.catchUp(ctx)
}

// catchUp checks that the log is the same, and reads the events that it has not
// delivered. It checks first, so that it does not read another log's events.
// Events that are stored while it reads are republished: reading up to a moving
// head might never end, in a log that grows faster than it is read. Reading needs
// no quorum, so the quorum is checked when all has been read.
func (t *tail) catchUp(ctx context.Context) error {
	seen, err := t.check(ctx)
	if err != nil {
		return err
	}
	if err := t.readUpTo(ctx, seen.Last); err != nil {
		return err
	}
	if err := t.checkQuorum(); err != nil {
		return err
	}
	if t.caughtUp && !t.inOutage {
		return nil
	}
	if seen.unproven != nil {
		return seen.unproven // there may be more than was read
	}
	t.endOutage()
	t.caughtUp = true
	t.fn(nil, nil)
	return nil
}

// readUpTo delivers the events up to a number, which may have left the log.
func (t *tail) readUpTo(ctx context.Context, upTo uint64) error {
	lag, cancel := context.WithTimeout(ctx, shortTime)
	defer cancel()
	for t.next <= upTo {
		head, err := t.readPage(ctx)
		if err != nil {
			return err
		}
		t.read = time.Now()
		if time.Since(t.checked) > checkEvery {
			if _, err := t.check(ctx); err != nil {
				return err
			}
		}
		if !head || t.next > upTo {
			continue
		}
		// A replica that has no more may lag behind the leader, which said upTo:
		// another is asked. Later, what was republished shows what is missing.
		if t.caughtUp || !t.log.replicated.Load() || !wait(lag, lagPause) {
			break
		}
	}
	t.read = time.Now() // all that is stored has been read
	return ctx.Err()
}

// verify checks that the log is the same and has a quorum.
func (t *tail) verify(ctx context.Context) error {
	if _, err := t.check(ctx); err != nil {
		return err
	}
	return t.checkQuorum()
}

// check returns the log's state, which includes everything that was delivered. It
// returns ErrGap if a quorum proves that the log is not the one that was delivered,
// errRestarted if its server was restarted, and another error if it does not
// answer, or lacks delivered events without proving a gap.
func (t *tail) check(ctx context.Context) (view, error) {
	if left := quorumTime - t.sinceQuorum(); !t.inOutage && left > 0 {
		// An answer that comes after that time would be too late.
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, left)
		defer cancel()
	}
	t.checked = time.Now()
	for {
		seen, err := t.log.inspect(ctx)
		short := seen.Last < t.delivered.Seq()
		switch {
		case err != nil:
			return view{}, err
		case seen.Epoch != t.of.epoch:
			return view{}, fmt.Errorf("%w: the log of epoch %s was replaced by %s", eventlog.ErrGap, t.of.epoch, seen.Epoch)
		case !t.delivered.IsZero() && !seen.Proves(t.delivered):
			return view{}, fmt.Errorf("%w: %s was delivered, and the log has lost it", eventlog.ErrGap, t.delivered)
		case short && seen.unproven != nil:
			return view{}, seen.unproven
		case short && time.Since(t.checked) >= shortTime:
			return view{}, fmt.Errorf("%w: the log ends at %d, after %d was delivered", eventlog.ErrGap, seen.Last, t.delivered.Seq())
		case short:
			if !wait(ctx, againPause) {
				return view{}, errShort
			}
		case t.restarted():
			return view{}, errRestarted
		default:
			return seen, nil
		}
	}
}

// errShort means that the leader has yet to catch up.
var errShort = errors.New("the stream's leader lacks what was delivered")

// proveComplete returns nil if a quorum has just proved that the log includes
// everything that was delivered.
func (t *tail) proveComplete(ctx context.Context) error {
	seen, err := t.check(ctx)
	return cmp.Or(err, seen.unproven)
}

// restarted reports whether the server was restarted since begin.
func (t *tail) restarted() bool { return t.log.o.Generations().Newest() != t.of.gens.Newest() }

// readPage delivers the events that a replica holds from next on, at most one
// page. It returns ErrGap if retention has removed one of them.
func (t *tail) readPage(ctx context.Context) (head bool, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, 2*tryTime, errSilent)
	defer cancel()
	page, err := t.log.readWhole(ctx, t.next, tailBatch)
	if err != nil {
		return false, err
	}
	if t.restarted() { // what was delivered must be proved first
		return false, errRestarted
	}
	t.next = page.Next
	return page.Head, t.deliver(ctx, page.Events)
}

// accept delivers a republished message and all that wait behind it.
func (t *tail) accept(ctx context.Context, m *nats.Msg) error {
	var batch []event.Event
	for {
		if t.restarted() {
			return cmp.Or(t.deliver(ctx, batch), errRestarted)
		}
		seq := seqOf(m)
		if t.isPart(m) && m.Header.Get(batchCommitHeader) == "" {
			seq = 0 // it is read with the last one
		} else if seq > t.next || seq == t.next && t.isPart(m) {
			err := t.deliver(ctx, batch)
			batch = nil
			if err == nil {
				err = t.fill(ctx, seq)
			}
			if err != nil {
				return err
			}
		}
		if seq == t.next {
			t.next++
			if e, ok := t.log.event(t.of, m); ok {
				batch = append(batch, e)
			}
		}
		if len(batch) == tailBatch || len(t.live) == 0 {
			return t.deliver(ctx, batch)
		}
		m = <-t.live
	}
}

// isPart reports whether a message is to be read rather than taken as it comes: a
// single server republishes the messages of a batch before all of them are on the
// disk, and a direct get waits for that. In a cluster each of them is certain.
func (t *tail) isPart(m *nats.Msg) bool {
	return !t.log.replicated.Load() && m.Header.Get(batchHeader) != ""
}

// fill reads the events up to number seq, which were missed. Only an answer
// that holds seq or a later event proves that its replica knew all of them.
func (t *tail) fill(ctx context.Context, seq uint64) error {
	lag, cancel := context.WithTimeout(ctx, lagTime)
	defer cancel()
	for t.next <= seq {
		head, err := t.readPage(ctx)
		if err != nil {
			return err
		}
		if head && t.next <= seq && !wait(lag, lagPause) {
			// It has left the log since it was republished, and nothing came
			// after it. Or the replicas that have it cannot be reached.
			if err := t.proveComplete(ctx); err != nil {
				return err
			}
			t.next = seq
			break
		}
	}
	return ctx.Err()
}

// deliver delivers events once they are durable. After an error they are still to be
// delivered.
func (t *tail) deliver(ctx context.Context, batch []event.Event) error {
	if len(batch) == 0 {
		return nil
	}
	last := batch[len(batch)-1].ID()
	if err := t.log.settle(ctx, last.Seq()); err != nil {
		t.next = batch[0].ID().Seq()
		return err
	}
	t.delivered = last
	t.fn(batch, nil)
	return nil
}
