package source

import "github.com/seawaykit/seaway/shared/event"

const (
	// maxStretch bounds what a tab keeps of the stream. It is what another may
	// lack that has just drawn its page, or that was next to a leader's end; who
	// lacks more asks the server.
	maxStretch      = 256
	maxStretchBytes = 256 << 10
)

// A stretch is a part of the log without a gap: the frames right after a
// position. When it grows too long it loses its beginning.
type stretch struct {
	at     event.ID // the zero ID: nowhere yet
	frames []Frame  // each with an id
	end    event.ID // of the last frame, or at
	size   int
}

// begin makes the stretch an empty one.
func (s *stretch) begin(at event.ID) { *s = stretch{at: at, end: at} }

// add appends a frame if it leads on.
func (s *stretch) add(f Frame) {
	id, err := event.ParseID(f.LastEventID)
	switch {
	case err != nil: // a sign of life
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
	for len(s.frames) > maxStretch || s.size > maxStretchBytes {
		s.at, _ = event.ParseID(s.frames[0].LastEventID) // it could be before
		s.size -= len(s.frames[0].Data)
		s.frames[0] = Frame{}
		s.frames = s.frames[1:]
	}
}

// after returns the frames after a position that the stretch itself has: then
// they are of one log, whatever became of the numbers meanwhile.
func (s *stretch) after(pos event.ID) (frames []Frame, ok bool) {
	if pos.IsZero() {
		return nil, false
	}
	if pos == s.at {
		return s.frames, true
	}
	id := pos.String()
	for i := len(s.frames); i > 0; i-- {
		if s.frames[i-1].LastEventID == id {
			return s.frames[i:], true
		}
	}
	return nil, false
}

// reachedBy reports whether a position of the same log is not before the
// stretch, so that nothing is missing between them.
func (s *stretch) reachedBy(pos event.ID) bool {
	return !s.at.IsZero() && pos.Epoch() == s.at.Epoch() && pos.Seq() >= s.at.Seq()
}
