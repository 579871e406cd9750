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
	t := &tail{log: l, epoch: *l.epoch.Load(), next: max(from, 1), fn: fn, live: make(chan *nats.Msg, liveBuffer), begun: time.Now()}
	t.read = t.begun
	// The subscription comes first: what is stored between it and the first
	// look into the store comes twice, and is dropped by its number.
	sub, err := l.nc.ChanSubscribe(l.o.live(t.epoch)+".>", t.live)
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
	epoch     string         // of the log that is followed
	next      uint64         // the lowest number that may be delivered
	delivered uint64         // the highest number that was
	live      chan *nats.Msg // what the stream republishes
	fn        func([]event.Event, error)

	begun    time.Time
	read     time.Time // when what is stored was last known to have been read
	checked  time.Time // when check was last called
	caughtUp bool      // fn has been given all that there was at first
	away     bool      // fn knows that the log is out of reach
}

// follow delivers events until something fails.
func (t *tail) follow(ctx context.Context) error {
	if err := t.lookAround(ctx); err != nil {
		return err
	}
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

// lookAround makes sure that the log is the same, and reads what is there. It
// checks first, so that it does not read another log's events. Reading needs no
// quorum: whether there is one is looked at when all has been read.
func (t *tail) lookAround(ctx context.Context) error {
	if err := t.check(ctx); err != nil {
		return err
	}
	for {
		head, err := t.readPage(ctx)
		if err != nil {
			return err
		}
		t.read = time.Now()
		if head {
			break
		}
		if time.Since(t.checked) > checkEvery {
			if err := t.check(ctx); err != nil {
				return err
			}
		}
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

// certify makes sure that the log is the same and has a quorum.
func (t *tail) certify(ctx context.Context) error {
	if err := t.check(ctx); err != nil {
		return err
	}
	return t.doubt()
}

// check returns ErrGap if the log is not the one that was delivered, and another
// error if it does not answer.
func (t *tail) check(ctx context.Context) error {
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
			return err
		case state.Epoch != t.epoch:
			return fmt.Errorf("%w: the log of epoch %s was replaced by %s", eventlog.ErrGap, t.epoch, state.Epoch)
		case state.Last < t.delivered:
			err = fmt.Errorf("%w: the log ends at %d, after %d was delivered", eventlog.ErrGap, state.Last, t.delivered)
		default:
			return nil
		}
		if !wait(doubt, againPause) {
			return err
		}
	}
}

// readPage delivers what a replica holds from next on, at most one page.
func (t *tail) readPage(ctx context.Context) (head bool, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, 2*tryTime, errSilent)
	defer cancel()
	page, err := t.log.readSubject(ctx, t.next, tailBatch, "")
	if err != nil {
		return false, err
	}
	t.next = page.Next
	t.deliver(page.Events)
	return page.Head, nil
}

// accept takes a republished message and all that wait behind it.
func (t *tail) accept(ctx context.Context, m *nats.Msg) error {
	var batch []event.Event
	for {
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
			if e, ok := t.log.event(t.epoch, m); ok {
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
		t.delivered = batch[len(batch)-1].ID().Seq()
		t.fn(batch, nil)
	}
}
