package sse

import (
	"github.com/seawaykit/seaway/server/fanout"
	"github.com/seawaykit/seaway/shared/event"
)

// A batch is what follows one spot, as the bytes of one write. All streams at
// the spot share it.
type batch struct {
	frames []fanout.Frame
	bytes  []byte   // the frames, which are chunks
	next   event.ID // where a reader stands who has taken it all
	err    error    // the hub's
	joined []byte   // the room for bytes, if there are several frames
}

// join sets bytes. A single frame is not copied.
func (b *batch) join() {
	switch len(b.frames) {
	case 0:
		b.bytes = nil
	case 1:
		b.bytes = b.frames[0].Bytes
	default:
		b.joined = b.joined[:0]
		for _, f := range b.frames {
			b.joined = append(b.joined, f.Bytes...)
		}
		b.bytes = b.joined
	}
}

// split says where a reader stands who has taken n bytes, not all: the rest of
// the frame that it has begun is a part of the frame's own bytes, so that a
// reader who is stuck keeps no batch in memory. begun is how many frames it
// has at least a byte of; at is the last one's id. The reader takes the frames as
// they are in bytes, or out of their chunks.
func (b *batch) split(n int, chunked bool) (rest []byte, begun int, at event.ID) {
	for _, f := range b.frames {
		if n == 0 {
			break
		}
		p := f.Bytes
		if !chunked {
			p = Frame(p)
		}
		begun, at = begun+1, f.ID
		if n < len(p) {
			return p[n:], begun, at
		}
		n -= len(p)
	}
	return nil, begun, at
}

// unchunk appends the frames to dst as a client of HTTP/1.0 takes them.
func (b *batch) unchunk(dst []byte) []byte {
	for _, f := range b.frames {
		dst = append(dst, Frame(f.Bytes)...)
	}
	return dst
}

// maxBatches bounds how many batches a writer keeps at a time: 4 MiB of them.
const maxBatches = 64

// batches are those that a writer has made in one pass, by their spots.
type batches struct {
	hub    *fanout.Hub
	bySpot map[fanout.Spot]*batch
	last   *batch // the newest, which is the next stream's most of the time
	spot   fanout.Spot
	spare  []*batch
}

func newBatches(hub *fanout.Hub) batches {
	return batches{hub: hub, bySpot: map[fanout.Spot]*batch{}}
}

// at returns the batch that follows a spot.
func (bs *batches) at(spot fanout.Spot) *batch {
	if bs.last != nil && bs.spot == spot {
		return bs.last
	}
	b, ok := bs.bySpot[spot]
	if !ok {
		if len(bs.bySpot) == maxBatches {
			bs.forget()
		}
		b = bs.make(spot)
		bs.bySpot[spot] = b
	}
	bs.last, bs.spot = b, spot
	return b
}

func (bs *batches) make(spot fanout.Spot) *batch {
	b := &batch{}
	if n := len(bs.spare); n > 0 {
		b, bs.spare = bs.spare[n-1], bs.spare[:n-1]
	}
	b.frames, b.next, b.err = bs.hub.Peek(spot, b.frames[:0], batchSize)
	b.join()
	return b
}

// forget ends a pass: the next one looks at the ring again.
func (bs *batches) forget() {
	for spot, b := range bs.bySpot {
		clear(b.frames)
		b.bytes = nil
		bs.spare = append(bs.spare, b)
		delete(bs.bySpot, spot)
	}
	bs.last = nil
}
