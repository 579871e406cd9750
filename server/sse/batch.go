package sse

import (
	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/shared/event"
)

// A batch is the frames that follow one offset, as the bytes of one write. All
// streams at that offset share it.
type batch struct {
	frames []fanout.Frame
	bytes  []byte   // the frames, which are chunks
	next   event.ID // the position of a client that has taken all of it
	err    error    // the hub's
	joined []byte   // the buffer of bytes, if there are several frames
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

// batchSize is what is written to a stream at a time: large enough that a
// replay needs few system calls, small enough that a client on a slow line
// takes it within the write timeout (30 s at 18 kbit/s), and that the next
// one's turn comes soon.
const batchSize = 64 << 10

// split returns where a write of n bytes, not all, has stopped: the rest of the frame
// that was begun, which is not empty and a part of the frame's own bytes, so that a
// client that is stuck keeps no batch in memory. A client that has taken whole frames
// begins the next one with none of its bytes. begun is the number of frames that were
// begun; at is the id of the last of them. The client takes the frames as they are in
// bytes, or out of their chunks.
func (b *batch) split(n int, chunked bool) (rest []byte, begun int, at event.ID) {
	for _, f := range b.frames {
		p := f.Bytes
		if !chunked {
			p = unchunk(p)
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
		dst = append(dst, unchunk(f.Bytes)...)
	}
	return dst
}

// maxBatches bounds how many batches a shard keeps at a time: 4 MiB of them.
const maxBatches = 64

// batches caches the batches that a shard has made in one pass, by offset.
type batches struct {
	hub      *fanout.Hub
	byOffset map[fanout.Offset]*batch
	last     *batch // the newest, which is the next stream's most of the time
	offset   fanout.Offset
	spare    []*batch
}

func newBatches(hub *fanout.Hub) batches {
	return batches{hub: hub, byOffset: map[fanout.Offset]*batch{}}
}

// at returns the batch that follows an offset.
func (bs *batches) at(offset fanout.Offset) *batch {
	if bs.last != nil && bs.offset == offset {
		return bs.last
	}
	b, ok := bs.byOffset[offset]
	if !ok {
		if len(bs.byOffset) == maxBatches {
			bs.forget()
		}
		b = bs.make(offset)
		bs.byOffset[offset] = b
	}
	bs.last, bs.offset = b, offset
	return b
}

func (bs *batches) make(offset fanout.Offset) *batch {
	b := &batch{}
	if n := len(bs.spare); n > 0 {
		b, bs.spare = bs.spare[n-1], bs.spare[:n-1]
	}
	b.frames, b.next, b.err = bs.hub.Peek(offset, b.frames[:0], batchSize)
	b.join()
	return b
}

// forget empties the cache at the end of a pass: the next pass reads the ring
// again.
func (bs *batches) forget() {
	for offset, b := range bs.byOffset {
		clear(b.frames)
		b.bytes = nil
		bs.spare = append(bs.spare, b)
		delete(bs.byOffset, offset)
	}
	bs.last = nil
}
