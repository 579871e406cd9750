package tabs

import (
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
)

const (
	// maxSegment bounds what a tab keeps of the stream. It is what another may
	// lack that has just drawn its page, or that was next to a leader's end; who
	// lacks more asks the server.
	maxSegment      = 256
	maxSegmentBytes = 256 << 10
)

// A segment is a part of the log without a gap: the frames right after a
// position. When it grows too long it loses its beginning.
type segment struct {
	at     event.ID          // the zero ID: nowhere yet
	frames []transport.Frame // each with an id
	end    event.ID          // of the last frame, or at
	size   int
}

// begin makes the segment an empty one.
func (s *segment) begin(at event.ID) { *s = segment{at: at, end: at} }

// add appends a frame if it leads on.
func (s *segment) add(f transport.Frame) {
	id := f.Position()
	switch {
	case id.IsZero(): // a sign of life
		return
	case s.at.IsZero(), id.Epoch() != s.end.Epoch(): // a claim of nothing
		s.begin(id)
		return
	case id.Seq() <= s.end.Seq():
		return
	}
	s.frames = append(s.frames, f)
	s.end = id
	s.size += len(f.Data)
	for len(s.frames) > maxSegment || s.size > maxSegmentBytes {
		s.at = s.frames[0].Position() // it could be before
		s.size -= len(s.frames[0].Data)
		s.frames[0] = transport.Frame{}
		s.frames = s.frames[1:]
	}
}

// after returns the frames after a position that the segment itself has: then
// they are of one log, whatever became of the numbers meanwhile.
func (s *segment) after(pos event.ID) (frames []transport.Frame, ok bool) {
	if pos.IsZero() {
		return nil, false
	}
	if pos == s.at {
		return s.frames, true
	}
	for i := len(s.frames); i > 0; i-- {
		if s.frames[i-1].Position() == pos {
			return s.frames[i:], true
		}
	}
	return nil, false
}

// reachedBy reports whether a position of the same log is not before the
// segment, so that nothing is missing between them.
func (s *segment) reachedBy(pos event.ID) bool {
	return !s.at.IsZero() && pos.Epoch() == s.at.Epoch() && pos.Seq() >= s.at.Seq()
}
