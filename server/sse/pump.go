package sse

import (
	"context"
	"errors"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/fanout"
)

// logPause is how long a stream waits before it asks a log that is out of
// reach again. It stays open meanwhile, with heartbeats.
const logPause = 250 * time.Millisecond

// A pump writes what a cursor yields to an output, from the request's own goroutine,
// until the output takes no more.
type pump struct {
	handler *Handler
	cursor  *fanout.Cursor
	grant   *grant
	last    int         // how many events the client wants after a reset
	more    signal      // notified when the cursor has something to take
	bye     chan string // has the reason when the stream is to end
	out     output
	stop    context.CancelFunc

	frames    []fanout.Frame // reused for each batch
	bytes     [][]byte       // likewise
	heartbeat *time.Timer    // fires when a heartbeat is due
}

// newPump returns a pump for a cursor that does not wait yet.
func newPump(h *Handler, cursor *fanout.Cursor, last int, g *grant) *pump {
	f := &pump{handler: h, cursor: cursor, last: last, grant: g, more: newSignal(), bye: make(chan string, 1)}
	cursor.OnWake(f.more.notify)
	return f
}

// sendBye and cut may be called while run runs.

// sendBye does not block: a stream that has a reason to end needs no other.
func (f *pump) sendBye(reason string) {
	select {
	case f.bye <- reason:
	default:
	}
}

func (f *pump) cut() {
	f.stop()
	f.out.cut()
}

// run writes first, and then frames until the client disconnects, the output takes no
// more, the handler shuts down or the log is closed.
func (f *pump) run(ctx context.Context, out output, first []byte) error {
	ctx, f.stop = context.WithCancel(ctx)
	defer f.stop()
	f.out = out
	f.handler.addOpen(f, f.grant)
	defer f.handler.removeOpen(f)
	f.heartbeat = time.NewTimer(out.interval())
	defer f.heartbeat.Stop()
	err := f.control(first)
	for err == nil {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case reason := <-f.bye:
			return f.control(f.handler.bye(reason))
		default:
			err = f.turn(ctx)
		}
	}
	return err
}

// turn writes the next batch, or waits for one.
func (f *pump) turn(ctx context.Context) error {
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
func (f *pump) step(ctx context.Context) (wrote bool, err error) {
	frames, err := f.cursor.Take(f.frames[:0], batchSize)
	if errors.Is(err, fanout.ErrBehind) {
		f.handler.counters.replays.Add(1)
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
	return true, f.events()
}

// restart sends a reset: the client starts over from the retained window.
func (f *pump) restart(ctx context.Context) error {
	at, err := f.cursor.Restart(ctx, f.last)
	if err != nil {
		return err
	}
	f.handler.counters.resets.Add(1)
	return f.control(resetFrame(at.Position, at.Reason))
}

// wait returns when there may be something to take, or earlier if retry fires.
// It writes a heartbeat if that takes too long.
func (f *pump) wait(ctx context.Context, retry <-chan time.Time) error {
	select {
	case <-f.more:
	case <-retry:
	case <-ctx.Done():
	case reason := <-f.bye:
		f.sendBye(reason) // run takes it
	case <-f.heartbeat.C:
		frame := heartbeatFrame(f.cursor.Position())
		return f.wrote(f.out.idle(frame), frame)
	}
	return nil
}

// events writes the frames that were taken.
func (f *pump) events() error {
	f.bytes = f.bytes[:0]
	for _, fr := range f.frames {
		f.bytes = append(f.bytes, unchunk(fr.Bytes))
	}
	n, err := f.out.events(f.bytes)
	f.handler.counters.events.Add(uint64(n))
	err = f.wrote(err, f.bytes[:n]...)
	clear(f.frames) // they need not outlive the ring
	clear(f.bytes)
	return err
}

func (f *pump) control(frame []byte) error { return f.wrote(f.out.control(frame), frame) }

// wrote counts what has been written, and puts off the next heartbeat.
func (f *pump) wrote(err error, frames ...[]byte) error {
	f.heartbeat.Reset(f.out.interval())
	if err != nil && err != errEnough {
		f.handler.counters.failed(err)
		return err
	}
	for _, fr := range frames {
		f.handler.counters.bytes.Add(uint64(len(fr)))
	}
	return err
}
