package sse

import (
	"context"
	"sync"

	"github.com/seawaykit/seaway/server/fanout"
	"github.com/seawaykit/seaway/shared/event"
)

// maxReplays is how many goroutines read the log for streams. Each serves all
// the streams that are at one position, and the hub has its own limit.
const maxReplays = 8

// replays take streams over that are behind the ring or have lost their place,
// until they have a page of the log or a new place. A goroutine lives as long
// as there is work for it.
type replays struct {
	hub  *fanout.Hub
	ctx  context.Context
	quit context.CancelFunc

	mu      sync.Mutex
	queue   []*replay // the oldest first
	bySpot  map[fanout.Spot]*replay
	running int
	workers sync.WaitGroup
}

// A replay is one read of the log, for the streams at one spot; or the restart
// of one stream.
type replay struct {
	spot    fanout.Spot
	streams []*stream
	restart bool
}

// A page is what comes of a replay: batches, a reset frame as a chunk, or an error.
type page struct {
	batches []*batch
	reset   []byte
	err     error
}

func (rs *replays) begin(hub *fanout.Hub) {
	rs.hub, rs.bySpot = hub, map[fanout.Spot]*replay{}
	rs.ctx, rs.quit = context.WithCancel(context.Background())
}

func (rs *replays) stop() {
	rs.quit()
	rs.workers.Wait()
}

// add queues the streams that a writer has come across in one pass, so that
// those at one spot stay together from page to page. Their writer may not touch
// the cursor of one that is lost, until it gets it back with a note.
func (rs *replays) add(streams []*stream) {
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

// join puts a stream with the others at its spot, even if their read is under
// way, or else at the queue's end.
func (rs *replays) join(s *stream) {
	if s.lost {
		rs.queue = append(rs.queue, &replay{streams: []*stream{s}, restart: true})
		return
	}
	spot := s.cursor.Spot()
	r, ok := rs.bySpot[spot]
	if !ok {
		r = &replay{spot: spot}
		rs.bySpot[spot] = r
		rs.queue = append(rs.queue, r)
	}
	r.streams = append(r.streams, s)
}

// work runs replays until there are none.
func (rs *replays) work() {
	for r := rs.next(); r != nil; r = rs.next() {
		p := rs.run(r)
		for _, s := range rs.finish(r) {
			s.writer.inbox.put(note{stream: s, page: p, what: fetched})
		}
	}
}

func (rs *replays) next() *replay {
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
func (rs *replays) finish(r *replay) []*stream {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if !r.restart {
		delete(rs.bySpot, r.spot)
	}
	return r.streams
}

func (rs *replays) run(r *replay) *page {
	if r.restart {
		s := r.streams[0]
		at, err := s.cursor.Restart(rs.ctx, s.last)
		if err != nil {
			return &page{err: err}
		}
		return &page{reset: toChunk(resetFrame(at.Position, at.Reason))}
	}
	frames, next, err := rs.hub.Fetch(rs.ctx, r.spot)
	if err != nil {
		return &page{err: err}
	}
	return &page{batches: divide(frames, next)}
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
