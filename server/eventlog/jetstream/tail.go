package jetstream

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

const (
	// tailBatch bounds a batch, and a page of catching up.
	tailBatch = 256
	// liveBuffer is how many republished events wait for fn. More are dropped
	// by the client, and read from the store instead: a slow fn costs reads,
	// not memory.
	liveBuffer = 1024
	// silence is how long a tail waits before it looks for what it may have
	// missed: when the last republished event is lost, nothing else shows it.
	silence = time.Second
	// checkEvery is how often a busy tail makes sure that the log is the same,
	// and has a quorum.
	checkEvery = 2 * time.Second
	// lagTime is how long a tail waits for the replicas to hold what the leader
	// has republished. Asked every 10 ms, all of them have been asked by then.
	lagTime = 10 * time.Second
	// doubtTime is how long a log may claim to be shorter than what was
	// delivered: a new leader first catches up with what the old one sent out.
	doubtTime = 3 * time.Second
	// outagePause lies between two looks at a log that is out of reach.
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
	t := &tail{log: l, of: l.lineage(), next: max(from, 1), fn: fn, live: make(chan *nats.Msg, liveBuffer), begun: time.Now()}
	t.read = t.begun
	// The subscription comes first: what is stored between it and the first
	// look into the store comes twice, and is dropped by its number.
	sub, err := l.nc.ChanSubscribe(l.o.live(t.of.epoch)+".>", t.live)
	if err != nil {
		return l.interrupted(ctx)
	}
	defer sub.Unsubscribe()
	for {
		err := t.follow(ctx)
		if ctx.Err() != nil || l.nc.IsClosed() {
			return l.interrupted(ctx)
		}
		if errors.Is(err, eventlog.ErrGap) {
			return err
		}
		if t.overdue() {
			t.outage(err)
		}
		wait(ctx, outagePause)
	}
}

// A tail is the state of one Tail.
type tail struct {
	log       *Log
	of        lineage        // of the log that is followed, as last checked
	next      uint64         // the lowest number that may be delivered
	delivered event.ID       // of the newest event that was
	live      chan *nats.Msg // what the stream republishes
	fn        func([]event.Event, error)

	begun    time.Time
	read     time.Time // when what is stored was last known to have been read
	checked  time.Time // when check was last called
	caughtUp bool      // fn has been given all that there was at first
	away     bool      // fn knows that the log is out of reach
}

// follow delivers events until something fails. A server that was started again
// is no failure.
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

// listen delivers what is republished, and looks for what was not.
func (t *tail) listen(ctx context.Context) error {
	quiet, check := time.NewTimer(silence), time.NewTicker(checkEvery)
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
			err = t.lookAround(ctx)
		case <-check.C:
			err = t.certify(ctx)
		}
		if err != nil {
			return err
		}
		quiet.Reset(t.lookIn())
	}
}

// begin looks around after the server was started, perhaps again. What an
// earlier one republished is forgotten: it may never have been stored. All of it
// has come when check returns, since that asks the server that is there now.
func (t *tail) begin(ctx context.Context) error {
	t.of.gens = t.log.o.Generations()
	if _, err := t.check(ctx); err != nil {
		return err
	}
	for range len(t.live) {
		<-t.live
	}
	return t.lookAround(ctx)
}

// lookAround makes sure that the log is the same, and reads what is there. It
// checks first, so that it does not read another log's events. What is stored
// while it reads comes as it is republished: to read on for the head would be to
// chase it, for as long as the log grows faster than it is read. Reading needs no
// quorum: whether there is one is looked at when all has been read.
func (t *tail) lookAround(ctx context.Context) error {
	upTo, err := t.check(ctx)
	if err != nil {
		return err
	}
	if err := t.readUpTo(ctx, upTo); err != nil {
		return err
	}
	if !t.caughtUp && !t.away {
		t.caughtUp = true
		t.fn(nil, nil)
	}
	if err := t.doubt(); err != nil {
		return err
	}
	if t.away {
		t.caughtUp, t.away = true, false
		t.log.o.Logger.Info("the event log can be reached again", "stream", t.log.o.Stream)
		t.fn(nil, nil)
	}
	return nil
}

// readUpTo delivers the events up to a number, which may have left the log.
func (t *tail) readUpTo(ctx context.Context, upTo uint64) error {
	lag, cancel := context.WithTimeout(ctx, doubtTime)
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
	t.read = time.Now() // there is nothing that is yet to be read
	return ctx.Err()
}

// certify makes sure that the log is the same and has a quorum.
func (t *tail) certify(ctx context.Context) error {
	if _, err := t.check(ctx); err != nil {
		return err
	}
	return t.doubt()
}

// check returns the log's last number. It returns ErrGap if the log is not the
// one that was delivered, errRestarted if its server was started again, and
// another error if it does not answer.
func (t *tail) check(ctx context.Context) (last uint64, err error) {
	if left := quorumTime - t.unproven(); !t.away && left > 0 {
		// An answer that comes after that time would be too late.
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, left)
		defer cancel()
	}
	t.checked = time.Now()
	doubt, cancel := context.WithTimeout(ctx, doubtTime)
	defer cancel()
	for {
		state, err := t.log.inspect(ctx)
		switch {
		case err != nil:
			return 0, err
		case state.Epoch != t.of.epoch:
			return 0, fmt.Errorf("%w: the log of epoch %s was replaced by %s", eventlog.ErrGap, t.of.epoch, state.Epoch)
		case !t.delivered.IsZero() && !state.Proves(t.delivered):
			return 0, fmt.Errorf("%w: %s was delivered, and the log has lost it", eventlog.ErrGap, t.delivered)
		case state.Last < t.delivered.Seq():
			err = fmt.Errorf("%w: the log ends at %d, after %d was delivered", eventlog.ErrGap, state.Last, t.delivered.Seq())
		case t.restarted():
			return 0, errRestarted
		default:
			return state.Last, nil
		}
		if !wait(doubt, againPause) {
			return 0, err
		}
	}
}

// restarted reports whether the server was started again since begin.
func (t *tail) restarted() bool { return t.log.o.Generations().Newest() != t.of.gens.Newest() }

// readPage delivers what a replica holds from next on, at most one page.
func (t *tail) readPage(ctx context.Context) (head bool, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, 2*tryTime, errSilent)
	defer cancel()
	page, err := t.log.readSubject(ctx, t.next, tailBatch, "")
	if err != nil {
		return false, err
	}
	if t.restarted() { // what was delivered must be proved first
		return false, errRestarted
	}
	t.next = page.Next
	t.deliver(page.Events)
	return page.Head, nil
}

// accept takes a republished message and all that wait behind it.
func (t *tail) accept(ctx context.Context, m *nats.Msg) error {
	var batch []event.Event
	for {
		if t.restarted() {
			t.deliver(batch)
			return errRestarted
		}
		seq := seqOf(m)
		if seq > t.next {
			t.deliver(batch)
			batch = nil
			if err := t.fill(ctx, seq); err != nil {
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
			t.deliver(batch)
			return nil
		}
		m = <-t.live
	}
}

// fill reads the events before number seq, which were missed. Only an answer
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
			// after it.
			t.next = seq
			break
		}
	}
	return ctx.Err()
}

func (t *tail) deliver(batch []event.Event) {
	if len(batch) > 0 {
		t.delivered = batch[len(batch)-1].ID()
		t.fn(batch, nil)
	}
}
