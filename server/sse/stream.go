package sse

import (
	"errors"
	"log/slog"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/server/internal/reactor"
)

// A phase is the state of a stream on the fast path: where its next bytes come
// from.
//
//	            Ready, with room         a page comes               Quiet       Closed
//	following   the batch at its cursor  -                          heartbeat   ended
//	            or, behind the ring: reading
//	            or, lost: restarting
//	reading     nothing                  following: it is written   heartbeat   ended
//	restarting  nothing                  following: its reset       nothing     abandoned
//	                                     frame is written
//	abandoned   -                        ended                      -           -
//	ended       -                        nothing                    -           -
//
// A restart works on the cursor, which is the stream's again when the page has come:
// before that a stream is not forgotten.
type phase uint8

const (
	following phase = iota
	reading
	restarting
	abandoned
	ended
)

// A byeMessage is posted to a stream that is to send its bye, and has the reason.
type byeMessage string

// A stream serves one client on the fast path: it has a connection and a cursor, and no
// goroutine. It is the source of its connection, whose loop owns it.
type stream struct {
	conn    reactor.Conn
	shard   *shard // of the loop
	cursor  *fanout.Cursor
	release func()       // counts it out
	log     *slog.Logger // nil: this level is not logged
	last    int32        // how many events the client wants after a reset
	phase   phase
	chunked bool // the client speaks HTTP/1.1
	catchUp bool // a heartbeat is due as soon as there is nothing to write
}

// sendBye and cut may be called from any goroutine.

func (s *stream) sendBye(reason string) { s.conn.Post(byeMessage(reason)) }
func (s *stream) cut()                  { s.conn.Close() }

// Ready implements [reactor.Source]. It writes one batch of what follows the cursor, and
// no more: other streams wait for their turn.
func (s *stream) Ready() {
	if s.phase != following {
		return
	}
	b := s.shard.batches.at(s.cursor.Offset())
	if b.err != nil {
		s.shard.replay(s, b.err)
		return
	}
	if !s.deliver(b) {
		return
	}
	if !s.cursor.Wait() {
		s.conn.Again()
	} else if s.catchUp {
		s.catchUp = false
		s.Quiet()
	}
}

// deliver writes a batch, and moves the cursor as far as the connection took it. It
// reports false if that was not all the way.
func (s *stream) deliver(b *batch) bool {
	p := s.shard.bytesOf(b, s.chunked)
	n := s.conn.Write(p)
	if n == len(p) {
		s.cursor.MoveTo(b.next)
		s.shard.events += len(b.frames)
		return true
	}
	rest, begun, at := b.split(n, s.chunked)
	if s.conn.Keep(rest) {
		s.cursor.MoveTo(at)
		s.shard.events += begun
	}
	return false
}

// Quiet implements [reactor.Source]. Ready has moved a quiet stream's position to the
// head, so that the heartbeat has it.
func (s *stream) Quiet() {
	if s.phase != restarting {
		s.conn.Send(s.shard.heartbeatAt(s.cursor.Position(), s.chunked))
	}
}

// Receive implements [reactor.Source].
func (s *stream) Receive(message any) {
	switch m := message.(type) {
	case *replayResult:
		s.receive(m)
	case byeMessage:
		s.sendLast(s.shard.handler.bye(string(m)))
	}
}

// sendLast writes the frame that ends a stream. Only then is the body complete: one
// without its last chunk was cut, and the client comes back.
func (s *stream) sendLast(frame []byte) {
	if s.chunked {
		frame = append(toChunk(frame), lastChunk...)
	}
	s.conn.Finish(frame)
}

// receive continues a stream with the result of a replay.
func (s *stream) receive(p *replayResult) {
	switch s.phase {
	case abandoned:
		s.dismiss()
		return
	case ended:
		return
	}
	s.phase = following
	switch {
	case errors.Is(p.err, fanout.ErrLost):
		s.shard.replay(s, p.err)
	case errors.Is(p.err, eventlog.ErrUnavailable):
		s.conn.WakeIn(logPause)
	case p.err != nil:
		s.conn.Abort(p.err)
	case p.reset != nil:
		s.shard.counters.resets.Add(1)
		if s.conn.Send(wireBytes(p.reset, s.chunked)) {
			s.Ready()
		}
	default:
		s.write(p)
	}
}

// write writes the batches of a replay. If the connection has no room for all of it, the
// rest will be read again: pages kept for slow clients would be memory without a bound.
func (s *stream) write(p *replayResult) {
	if !s.conn.Room() {
		return
	}
	for _, b := range p.batches {
		if !s.deliver(b) {
			return
		}
	}
	s.conn.Again()
}

// Closed implements [reactor.Source].
func (s *stream) Closed(err error) {
	if s.log != nil {
		s.log.Debug("stream ends", "error", err)
	}
	if s.phase == restarting {
		s.phase = abandoned
		return
	}
	s.dismiss()
}

// dismiss releases what a closed stream holds.
func (s *stream) dismiss() {
	s.phase = ended
	s.cursor.Close()
	s.shard.handler.removeOpen(s)
	s.release()
}
