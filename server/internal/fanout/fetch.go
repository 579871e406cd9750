package fanout

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// fetches are the reads of the log that are under way. A caller that needs a
// page that is being read waits for that read: 1,000 readers that come back at
// one offset cost one read, and one encoding, per page.
type fetches struct {
	mu       sync.Mutex
	byOffset map[Offset]*fetch
}

// A fetch is one read. Its results may be used once done is closed.
type fetch struct {
	done   chan struct{}
	ctx    context.Context // of the caller that reads
	frames []Frame
	next   event.ID
	err    error
}

// Fetch reads the frames that follow an offset from the log: one page, after
// which Peek may go on in the ring. The frames are shared, and so is the slice.
// next is the position of a cursor that has written them. Fetch waits for one
// of the hub's places for log reads and for the log; ctx bounds both. The error
// is [ErrLost], ctx's, or the log's.
func (h *Hub) Fetch(ctx context.Context, at Offset) (frames []Frame, next event.ID, err error) {
	for {
		f, mine := h.fetches.begin(ctx, at)
		if mine {
			f.frames, f.next, f.err = h.read(ctx, at)
			h.fetches.end(at, f)
		} else {
			select {
			case <-f.done:
			case <-ctx.Done():
				return nil, next, ctx.Err()
			}
			if f.err != nil && f.ctx.Err() != nil {
				continue // the other one gave up
			}
		}
		if f.err == nil && f.next.Seq() == at.seq {
			return nil, f.next, pauseForLag(ctx)
		}
		return f.frames, f.next, f.err
	}
}

// begin joins the read at that offset, or begins one.
func (fs *fetches) begin(ctx context.Context, at Offset) (f *fetch, mine bool) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if f, ok := fs.byOffset[at]; ok {
		return f, false
	}
	f = &fetch{done: make(chan struct{}), ctx: ctx}
	fs.byOffset[at] = f
	return f, true
}

func (fs *fetches) end(at Offset, f *fetch) {
	fs.mu.Lock()
	delete(fs.byOffset, at)
	fs.mu.Unlock()
	close(f.done)
}

// read reads and encodes one page.
func (h *Hub) read(ctx context.Context, at Offset) (frames []Frame, next event.ID, err error) {
	release, err := h.acquireRead(ctx)
	if err != nil {
		return nil, next, err
	}
	defer release()
	r := h.takeReplay(at)
	if rest := r.rest(at.seq); len(rest) > 0 {
		h.replays.put(r)
		return rest, r.next, nil
	}
	page, state, err := h.readPage(ctx, r, at)
	if errors.Is(err, eventlog.ErrGap) {
		return nil, next, ErrLost
	}
	if err != nil {
		return nil, next, err
	}
	h.mu.RLock()
	head := at.group.ring.head // the ring has seen all the history that its readers have
	h.mu.RUnlock()
	if !state.Proves(head) {
		return nil, next, ErrLost
	}
	for _, e := range page.Events {
		frames = append(frames, Frame{e.ID(), h.opts.Encode(e)})
		next = e.ID()
	}
	if len(frames) == 0 { // numbers that hold nothing of the topics
		next = state.Position(max(page.Next, at.seq+1) - 1)
	}
	if !page.Head { // the ring has what follows, or soon will
		r.keep(at.seq, frames, next)
		h.replays.put(r)
	}
	return frames, next, nil
}

// readPage reads the next page of a replay, which follows an offset, and the state that
// the log had during and after it.
func (h *Hub) readPage(ctx context.Context, r *replay, at Offset) (page eventlog.Page, state eventlog.State, err error) {
	for {
		before := h.knownState().Generations.Newest()
		h.pages.Add(1)
		page, err = r.pages.Next(ctx, h.opts.fetchSize)
		if err != nil {
			return page, state, err
		}
		// Asked after the read, so that a log that was replaced meanwhile is
		// detected.
		state, err = h.log.State(ctx)
		if err != nil || state.Generations.Newest() == before || state.Epoch != at.group.ring.epoch {
			return page, state, err
		}
		h.setKnownState(state) // a generation began, perhaps between the two
		r.pages = h.replayFrom(at)
	}
}

// pauseForLag waits a moment. A node whose store lags behind its tail makes no
// progress: asking it again at once would only keep it busy.
func pauseForLag(ctx context.Context) error {
	const pause = 20 * time.Millisecond
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(pause):
		return nil
	}
}

// Fetch appends the next frames to dst from the log, as [Hub.Fetch] does, and
// moves the cursor.
func (c *Cursor) Fetch(ctx context.Context, dst []Frame) ([]Frame, error) {
	frames, next, err := c.hub.Fetch(ctx, c.Offset())
	if err != nil {
		return dst, err
	}
	c.MoveTo(next)
	return append(dst, frames...), nil
}
