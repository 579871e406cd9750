package sse

import (
	"errors"
	"slices"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/fanout"
)

var (
	errGone      = errors.New("the client has gone")
	errSlow      = errors.New("the client took nothing for the write timeout")
	errUnwatched = errors.New("the connection cannot be watched")
)

// tend looks after a stream that the wheel has brought: it ends one that is
// stuck, and sends a quiet one a beat. serve moves a quiet stream's position to
// the head, so that the beat tells it, and asks again for one whose log was out
// of reach.
func (w *writer) tend(s *stream) {
	if s.parked {
		w.retry(s)
		return
	}
	w.serve(s)
	if s.closed || s.parked {
		return
	}
	if beat := w.engine.opts.Beat; w.now-s.since > beat-w.wheel.tick && !s.held {
		if !w.say(s, w.beatChunk(s)) {
			return
		}
	}
	w.wheel.place(s, s.since+w.engine.opts.Beat)
}

// retry gives a parked stream a last chance when its time is over. The kernel
// tells of room only when a third of the buffer is free: a reader on a slow line
// may have taken less than that, and is not stuck.
func (w *writer) retry(s *stream) {
	limit := s.since + w.engine.opts.WriteTimeout
	if w.now < limit {
		w.wheel.place(s, limit+w.wheel.tick)
		return
	}
	before := s.since
	w.serve(s)
	if !s.closed && s.parked && s.since == before {
		w.tally.slow.Add(1)
		w.end(s, errSlow)
	}
}

// beatChunk returns a beat with the stream's position. Most are at the head.
func (w *writer) beatChunk(s *stream) []byte {
	if at := s.cursor.Position(); at != w.beatAt {
		w.beatAt, w.beat = at, toChunk(beatFrame(at))
	}
	return w.beat
}

// replay hands a stream over to those who read the log, at the pass's end.
func (w *writer) replay(s *stream, err error) {
	s.away, s.lost = true, errors.Is(err, fanout.ErrLost)
	w.behind = append(w.behind, s)
}

func (w *writer) replayAll() {
	if len(w.behind) == 0 {
		return
	}
	open := slices.DeleteFunc(w.behind, func(s *stream) bool { return s.closed })
	for _, s := range open {
		s.held = s.lost
	}
	w.tally.replays.Add(uint64(len(open)))
	w.engine.replays.add(open)
	clear(open)
	w.behind = open[:0]
}

// receive goes on with a stream that comes back from a replay. If its connection
// has no room for all of the page, what is left of it will be read again: pages
// that wait for slow readers would be memory that grows with slowness.
func (w *writer) receive(s *stream, p *page) {
	held := s.held
	s.away, s.lost, s.held = false, false, false
	switch {
	case s.closed && held:
		w.dismiss(s)
	case s.closed:
	case errors.Is(p.err, fanout.ErrLost):
		w.replay(s, p.err)
	case errors.Is(p.err, eventlog.ErrUnavailable):
		w.wheel.place(s, min(w.now+logPause, s.since+w.engine.opts.Beat))
	case p.err != nil:
		w.end(s, p.err)
	case p.reset != nil:
		w.tally.resets.Add(1)
		if w.say(s, p.reset) {
			w.serve(s)
		}
	default:
		w.page(s, p)
	}
}

func (w *writer) page(s *stream, p *page) {
	if !w.finish(s) {
		return
	}
	for _, b := range p.batches {
		if !w.deliver(s, b) {
			return
		}
	}
	w.again = append(w.again, s)
}
