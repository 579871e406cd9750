package sse

import (
	"context"
	"sync"

	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/shared/event"
)

// maxReplays is how many goroutines read the log for streams. Each read serves
// all streams at one position, and the hub has a limit of its own.
const maxReplays = 8

// A replayPool reads the log for streams that are behind the ring, and restarts
// streams whose position is gone. A goroutine lives as long as there is work
// for it.
type replayPool struct {
	hub  *fanout.Hub
	ctx  context.Context
	quit context.CancelFunc

	mu       sync.Mutex
	queue    []*replay // the oldest first
	byOffset map[fanout.Offset]*replay
	running  int
	workers  sync.WaitGroup
}

// A replay is one read of the log, for all streams at one offset; or the
// restart of one stream.
type replay struct {
	offset  fanout.Offset
	streams []*stream
	restart bool
}

// A replayResult is the outcome of a replay: batches, a reset frame, or an
// error.
type replayResult struct {
	batches []*batch
	reset   []byte
	err     error
}

func (rs *replayPool) begin(hub *fanout.Hub) {
	rs.hub, rs.byOffset = hub, map[fanout.Offset]*replay{}
	rs.ctx, rs.quit = context.WithCancel(context.Background())
}

func (rs *replayPool) stop() {
	rs.quit()
	rs.workers.Wait()
}

// add queues the streams that fell behind in one pass of a loop, all at once,
// so that streams at one offset stay together from page to page. The loop may
// not touch the cursor of a restarting stream until it has the result.
func (rs *replayPool) add(streams []*stream) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	for _, s := range streams {
		rs.join(s)
	}
	for range min(len(rs.queue), maxReplays-rs.running) {
		rs.running++
		rs.workers.Go(rs.work)
	}
}

// join adds a stream to the replay at its offset, even one that is being read,
// or else queues a new one.
func (rs *replayPool) join(s *stream) {
	if s.phase == restarting {
		rs.queue = append(rs.queue, &replay{streams: []*stream{s}, restart: true})
		return
	}
	offset := s.cursor.Offset()
	r, ok := rs.byOffset[offset]
	if !ok {
		r = &replay{offset: offset}
		rs.byOffset[offset] = r
		rs.queue = append(rs.queue, r)
	}
	r.streams = append(r.streams, s)
}

// work runs replays until there are none.
func (rs *replayPool) work() {
	for r := rs.next(); r != nil; r = rs.next() {
		p := rs.run(r)
		for _, s := range rs.finish(r) {
			s.conn.Post(p)
		}
	}
}

func (rs *replayPool) next() *replay {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if len(rs.queue) == 0 {
		rs.running--
		return nil
	}
	r := rs.queue[0]
	rs.queue[0] = nil
	rs.queue = rs.queue[1:]
	return r
}

// finish returns the streams that the replay was for.
func (rs *replayPool) finish(r *replay) []*stream {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if !r.restart {
		delete(rs.byOffset, r.offset)
	}
	return r.streams
}

func (rs *replayPool) run(r *replay) *replayResult {
	if r.restart {
		s := r.streams[0]
		at, err := s.cursor.Restart(rs.ctx, int(s.last))
		if err != nil {
			return &replayResult{err: err}
		}
		return &replayResult{reset: resetFrame(at.Position, at.Reason)}
	}
	frames, next, err := rs.hub.Fetch(rs.ctx, r.offset)
	if err != nil {
		return &replayResult{err: err}
	}
	return &replayResult{batches: divide(frames, next)}
}

// divide makes batches of a page, none of which is empty unless the page is:
// then only the position has moved.
func divide(frames []fanout.Frame, next event.ID) (all []*batch) {
	for {
		n, size := 0, 0
		for n < len(frames) && (n == 0 || size+len(frames[n].Bytes) <= batchSize) {
			size += len(frames[n].Bytes)
			n++
		}
		b := &batch{frames: frames[:n], next: next}
		if frames = frames[n:]; len(frames) > 0 {
			b.next = b.frames[n-1].ID
		}
		b.join()
		all = append(all, b)
		if len(frames) == 0 {
			return all
		}
	}
}
