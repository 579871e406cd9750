package sse

import (
	"bytes"
	"testing"

	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/shared/event"
)

func newFrames(texts ...string) (all []fanout.Frame) {
	for i, text := range texts {
		all = append(all, fanout.Frame{ID: event.NewID("e1", uint64(i+1), "k"), Bytes: toChunk([]byte(text))})
	}
	return all
}

// Wherever a write stops, the position and the rest are what is missing, and the
// rest is the frame's own memory: a copy for every slow reader would add up. Even if it
// stops between two frames there is a rest.
func TestBatchIsSplitWhereverAWriteStops(t *testing.T) {
	b := &batch{frames: newFrames("one", "2", "three")}
	b.join()
	for chunked, all := range map[bool]string{true: "3\r\none\r\n1\r\n2\r\n5\r\nthree\r\n", false: "one2three"} {
		for n := range len(all) {
			rest, begun, at := b.split(n, chunked)
			if at.Seq() != uint64(begun) {
				t.Errorf("%d bytes: frame %d is the last, and %d were begun", n, at.Seq(), begun)
			}
			missing := bytes.Clone(rest)
			for _, f := range b.frames[begun:] {
				missing = append(missing, wireBytes(Frame(f.Bytes), chunked)...)
			}
			if string(missing) != all[n:] {
				t.Errorf("%d bytes: %q is left, want %q", n, missing, all[n:])
			}
			if len(rest) == 0 { // its connection would be blocked by nothing
				t.Fatalf("%d bytes: there is no rest", n)
			}
			frame := b.frames[begun-1].Bytes
			if !chunked {
				frame = Frame(frame)
			}
			if &rest[len(rest)-1] != &frame[len(frame)-1] {
				t.Errorf("%d bytes: the rest is a copy", n)
			}
		}
	}
}

func TestPageIsDividedIntoBatchesOfLimitedSize(t *testing.T) {
	small, large := string(make([]byte, 20_000)), string(make([]byte, 100_000))
	frames := newFrames(small, small, small, small, large, small)
	end := event.Position("e1", 9)
	all := divide(frames, end)
	var sizes []int
	var joined []byte
	for i, b := range all {
		sizes = append(sizes, len(b.frames))
		joined = b.unchunk(joined)
		if want := b.frames[len(b.frames)-1].ID; i < len(all)-1 && b.next != want || i == len(all)-1 && b.next != end {
			t.Errorf("batch %d leads to %s", i, b.next)
		}
	}
	if len(sizes) != 4 || sizes[0] != 3 || sizes[1] != 1 || sizes[2] != 1 || sizes[3] != 1 || len(joined) != 200_000 {
		t.Errorf("batches of %d frames with %d bytes", sizes, len(joined))
	}
	if empty := divide(nil, end); len(empty) != 1 || empty[0].next != end || len(empty[0].bytes) != 0 {
		t.Errorf("a page without events: %+v, want one that moves the position", empty)
	}
}
