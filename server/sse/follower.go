package sse

import (
	"context"
	"errors"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/fanout"
)

const (
	// batchSize is what a follower writes at a time: large enough that a
	// replay needs few system calls, small enough that a reader on a slow line
	// takes it within the write timeout (30 s at 18 kbit/s).
	batchSize = 64 << 10

	// logPause is how long a follower waits before it asks a log that is out
	// of reach again. Its stream stays open meanwhile, and beats.
	logPause = 250 * time.Millisecond
)

// A follower writes what a cursor yields, from the request's own goroutine.
type follower struct {
	handler *Handler
	cursor  *fanout.Cursor
	out     *writer
	last    int           // how many events the client wants after a reset
	wake    chan struct{} // has one entry when the cursor has something to take

	frames []fanout.Frame // reused for each batch
	beat   *time.Timer
}

// run writes frames until the client goes, the handler shuts down or the log is
// closed.
func (f *follower) run(ctx context.Context) error {
	f.beat = time.NewTimer(f.handler.opts.Beat)
	defer f.beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-f.handler.closing:
			return f.out.write(byeFrame(f.handler.retryHint(), "shutdown"))
		default:
		}
		wrote, err := f.step(ctx)
		switch {
		case errors.Is(err, eventlog.ErrUnavailable):
			err = f.wait(ctx, time.After(logPause))
		case err == nil && !wrote:
			err = f.wait(ctx, nil)
		}
		if err != nil {
			return err
		}
	}
}

// step writes the next batch. It reports false if there was none.
func (f *follower) step(ctx context.Context) (wrote bool, err error) {
	frames, err := f.cursor.Take(f.frames[:0], batchSize)
	if errors.Is(err, fanout.ErrBehind) {
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
	return true, f.write(frames)
}

// restart tells the reader to start over from the retained window.
func (f *follower) restart(ctx context.Context) error {
	at, err := f.cursor.Restart(ctx, f.last)
	if err != nil {
		return err
	}
	return f.send(resetFrame(at.Position, at.Reason))
}

// wait returns when there may be something to take, or earlier if retry fires.
// It beats if that takes too long.
func (f *follower) wait(ctx context.Context, retry <-chan time.Time) error {
	select {
	case <-f.wake:
	case <-retry:
	case <-ctx.Done():
	case <-f.handler.closing:
	case <-f.beat.C:
		return f.send(beatFrame(f.cursor.Position()))
	}
	return nil
}

// write writes the frames in one flush.
func (f *follower) write(frames []fanout.Frame) error {
	bytes := make([][]byte, len(frames))
	for i, fr := range frames {
		bytes[i] = fr.Bytes
	}
	return f.send(bytes...)
}

// send writes and puts off the next beat.
func (f *follower) send(frames ...[]byte) error {
	f.beat.Reset(f.handler.opts.Beat)
	return f.out.write(frames...)
}
