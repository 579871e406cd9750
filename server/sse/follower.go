package sse

import (
	"context"
	"errors"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/fanout"
)

const (
	// batchSize is what is written to a stream at a time: large enough that a
	// replay needs few system calls, small enough that a reader on a slow line
	// takes it within the write timeout (30 s at 18 kbit/s), and that the next
	// one's turn comes soon.
	batchSize = 64 << 10

	// logPause is how long a stream waits before it asks a log that is out of
	// reach again. It stays open meanwhile, and beats.
	logPause = 250 * time.Millisecond
)

// A follower writes what a cursor yields, from the request's own goroutine.
type follower struct {
	handler *Handler
	cursor  *fanout.Cursor
	last    int           // how many events the client wants after a reset
	bell    chan struct{} // has one entry when the cursor has something to take
	bye     chan struct{} // has one entry when the stream is to end
	out     Output
	stop    context.CancelFunc
	quiet   time.Duration // how long it may say nothing
	answer  *answer       // what it is to be cut down to; nil for a stream

	frames []fanout.Frame // reused for each batch
	bytes  [][]byte       // likewise
	beat   *time.Timer
}

func newFollower(h *Handler, cursor *fanout.Cursor, last int) *follower {
	return &follower{
		handler: h, cursor: cursor, last: last, quiet: h.opts.Beat,
		bell: make(chan struct{}, 1), bye: make(chan struct{}, 1),
	}
}

// poke, leave and cut may be called beside run.

func (f *follower) poke() { ring(f.bell) }

func (f *follower) leave() { ring(f.bye) }

func (f *follower) cut() {
	f.stop()
	f.out.Cut()
}

// ring puts an entry into a channel that has room for one.
func ring(bell chan<- struct{}) {
	select {
	case bell <- struct{}{}:
	default:
	}
}

// run writes first, and then frames until the client goes, the handler shuts
// down or the log is closed.
func (f *follower) run(ctx context.Context, out Output, first []byte) error {
	ctx, f.stop = context.WithCancel(ctx)
	defer f.stop()
	f.out = out
	f.handler.enter(f)
	defer f.handler.exit(f)
	f.beat = time.NewTimer(f.quiet)
	defer f.beat.Stop()
	err := f.send(first)
	for err == nil {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-f.bye:
			return f.send(f.handler.bye())
		default:
			err = f.turn(ctx)
		}
	}
	return err
}

// turn writes the next batch, or waits for one.
func (f *follower) turn(ctx context.Context) error {
	wrote, err := f.step(ctx)
	switch {
	case errors.Is(err, eventlog.ErrUnavailable):
		return f.wait(ctx, time.After(logPause))
	case err == nil && !wrote:
		return f.wait(ctx, nil)
	}
	return err
}

// step writes the next batch. It reports false if there was none.
func (f *follower) step(ctx context.Context) (wrote bool, err error) {
	frames, err := f.cursor.Take(f.frames[:0], batchSize)
	if errors.Is(err, fanout.ErrBehind) {
		f.handler.tally.replays.Add(1)
		frames, err = f.cursor.Fetch(ctx, frames)
		if err == nil && len(frames) == 0 {
			return true, nil // the cursor has moved; it may be in the ring now
		}
	}
	if errors.Is(err, fanout.ErrLost) {
		return true, f.restart(ctx)
	}
	if err != nil || len(frames) == 0 {
		return false, err
	}
	f.frames = frames
	return true, f.write()
}

// restart tells the reader to start over from the retained window.
func (f *follower) restart(ctx context.Context) error {
	at, err := f.cursor.Restart(ctx, f.last)
	if err != nil {
		return err
	}
	f.handler.tally.resets.Add(1)
	return f.send(resetFrame(at.Position, at.Reason))
}

// wait returns when there may be something to take, or earlier if retry fires.
// It beats if that takes too long.
func (f *follower) wait(ctx context.Context, retry <-chan time.Time) error {
	select {
	case <-f.bell:
	case <-retry:
	case <-ctx.Done():
	case <-f.bye:
		ring(f.bye) // run will find it
	case <-f.beat.C:
		return f.rest()
	}
	return nil
}

// rest says that there is nothing to say, which completes an answer.
func (f *follower) rest() error {
	err := f.send(beatFrame(f.cursor.Position()))
	if err == nil && f.answer != nil {
		return errComplete
	}
	return err
}

// write writes the frames in one flush, or as many as an answer has room for.
func (f *follower) write() error {
	n := len(f.frames)
	if f.answer != nil {
		n = f.answer.room(f.frames)
	}
	f.bytes = f.bytes[:0]
	for _, fr := range f.frames[:n] {
		f.bytes = append(f.bytes, Frame(fr.Bytes))
	}
	err := f.send(f.bytes...)
	if err == nil {
		f.handler.tally.events.Add(uint64(n))
	}
	if err == nil && n < len(f.frames) {
		err = errComplete
	}
	clear(f.frames) // they need not outlive the ring
	clear(f.bytes)
	return err
}

// send writes and puts off the next beat. An answer that has brought something
// waits for nothing more.
func (f *follower) send(frames ...[]byte) error {
	f.beat.Reset(f.quiet)
	if f.answer != nil {
		f.quiet = 0
	}
	if err := f.out.Write(frames...); err != nil {
		f.handler.tally.failed(err)
		return err
	}
	for _, fr := range frames {
		f.handler.tally.bytes.Add(uint64(len(fr)))
	}
	return nil
}
