package sse

import (
	"time"

	"github.com/seawaykit/seaway/shared/event"
)

// A writer owns a share of the streams and is the only one to touch them. It
// goes through those that have something to write, pass after pass, and makes
// one write for each that does not block.
type writer struct {
	engine *engine
	inbox  inbox
	tally  tally

	now     time.Duration // the time of the pass
	notes   []note        // those of the pass
	again   []*stream     // the streams that have not had all in this pass
	before  []*stream     // and those that had not in the one before
	behind  []*stream     // those that must read the log
	batches batches
	wheel   wheel
	attempt attempt

	beatAt event.ID // the position that the last beat told
	beat   []byte   // and its frame

	bareOf *batch // the batch that was last taken out of its chunks
	bare   []byte // and what came of it
}

func newWriter(e *engine) *writer {
	w := &writer{engine: e}
	w.inbox.bell = make(chan struct{}, 1)
	w.batches = newBatches(e.hub)
	// A beat may come a tick early, which is 3 %, but not late.
	w.wheel.tick = max(min(e.opts.Beat, e.opts.WriteTimeout)/32, time.Millisecond)
	w.attempt.prepare()
	return w
}

// run makes passes until the engine stops. The ticker stands still while there
// are no streams.
func (w *writer) run() {
	ticker := time.NewTicker(w.wheel.tick)
	defer ticker.Stop()
	for ticking := true; ; {
		if len(w.again) == 0 {
			select {
			case <-w.inbox.bell:
			case <-ticker.C:
			case <-w.engine.quit:
				return
			}
		}
		w.pass()
		if want := w.wheel.count > 0; want && !ticking {
			ticker.Reset(w.wheel.tick)
			ticking = true
		} else if !want && ticking {
			ticker.Stop()
			ticking = false
		}
	}
}

// pass gives each stream that has something to write one turn.
func (w *writer) pass() {
	w.now = w.engine.now()
	w.wheel.turn(w.now, w.tend)
	w.before, w.again = w.again, w.before[:0]
	for _, s := range w.before {
		w.serve(s)
	}
	clear(w.before)
	w.notes = w.inbox.take(w.notes)
	for _, n := range w.notes {
		w.handle(n)
	}
	clear(w.notes)
	w.replayAll()
	w.batches.forget()
	w.bareOf = nil
	w.attempt.count(&w.tally)
}

func (w *writer) handle(n note) {
	s := n.stream
	switch {
	case n.what == fetched:
		w.receive(s, n.page)
	case s.closed:
	case n.what == gone:
		w.end(s, errGone)
	case n.what == joined:
		w.begin(s)
	case n.what == leaving:
		s.leaving = true
		w.serve(s)
	default:
		w.serve(s)
	}
}

// begin starts to watch a stream's connection, and writes its head and hello.
func (w *writer) begin(s *stream) {
	if !w.engine.watch.add(s) {
		w.end(s, errUnwatched)
		return
	}
	if !s.parked { // a stream may have been told to leave before it begins
		s.since = w.now
		w.wheel.place(s, s.since+w.engine.opts.Beat)
	}
	w.serve(s)
}

// serve writes what follows a stream's cursor, one batch of it: the others want
// their turn too.
func (w *writer) serve(s *stream) {
	if s.closed || !w.finish(s) {
		return
	}
	if s.leaving {
		w.sayLast(s, w.engine.handler.bye())
		return
	}
	if s.away {
		return
	}
	b := w.batches.at(s.cursor.Spot())
	if b.err != nil {
		w.replay(s, b.err)
		return
	}
	if w.deliver(s, b) && !s.cursor.Wait() {
		w.again = append(w.again, s)
	}
}

// deliver writes a batch, and moves the cursor as far as the connection took
// it. It reports false if that was not all the way.
func (w *writer) deliver(s *stream, b *batch) bool {
	p := w.bytesOf(b, s.chunked)
	n, err := w.write(s, p)
	if err != nil {
		return false
	}
	if n == len(p) {
		s.cursor.MoveTo(b.next)
		w.attempt.events += len(b.frames)
		return true
	}
	rest, begun, at := b.split(n, s.chunked)
	if begun > 0 {
		s.rest = rest
		s.cursor.MoveTo(at)
		w.attempt.events += begun
	}
	w.park(s)
	return false
}

// bytesOf returns what is written of a batch. Clients of HTTP/1.0 that are at one
// spot come one after the other, so the last one's bytes are kept until the pass
// ends. A page's batches are other writers' too.
func (w *writer) bytesOf(b *batch, chunked bool) []byte {
	if chunked {
		return b.bytes
	}
	if w.bareOf != b {
		w.bareOf, w.bare = b, b.unchunk(w.bare[:0])
	}
	return w.bare
}

// finish writes the stream's rest. It reports true when nothing is left of it.
func (w *writer) finish(s *stream) bool {
	n, err := w.write(s, s.rest)
	if err != nil {
		return false
	}
	if s.rest = s.rest[n:]; len(s.rest) > 0 {
		w.park(s)
		return false
	}
	s.rest = nil
	if s.ending {
		w.end(s, nil)
		return false
	}
	w.unpark(s)
	return true
}

// say writes a control frame, which is a chunk.
func (w *writer) say(s *stream, chunk []byte) bool {
	if s.rest = chunk; !s.chunked {
		s.rest = Frame(chunk)
	}
	return w.finish(s)
}

// sayLast writes the frame that ends a stream. Only what has been ended so is
// complete: a body without its last chunk has been cut, and the client comes back.
func (w *writer) sayLast(s *stream, frame []byte) {
	if s.rest = frame; s.chunked {
		s.rest = append(toChunk(frame), lastChunk...)
	}
	s.ending = true
	w.finish(s)
}

// write makes one write, if there is anything to write. An error has ended the
// stream.
func (w *writer) write(s *stream, p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	n, err := w.attempt.write(s.raw, p)
	if err != nil {
		w.end(s, err)
		return 0, err
	}
	if n > 0 {
		s.since = w.now
	}
	return n, nil
}

// park puts a stream aside until its connection has room, of which the watch
// tells. It costs a visit of the wheel in the write timeout.
func (w *writer) park(s *stream) {
	if !s.parked {
		s.parked, s.since = true, w.now
		w.tally.parked.Add(1)
	}
	w.wheel.place(s, s.since+w.engine.opts.WriteTimeout)
}

func (w *writer) unpark(s *stream) {
	if s.parked {
		s.parked = false
		w.tally.parked.Add(-1)
		w.wheel.place(s, s.since+w.engine.opts.Beat)
	}
}

// end closes a stream. While a restart has its cursor it is not yet forgotten.
func (w *writer) end(s *stream, err error) {
	s.closed, s.rest = true, nil
	if s.parked {
		w.tally.parked.Add(-1)
	}
	w.tally.fast.Add(-1)
	w.wheel.drop(s)
	w.engine.watch.forget(s)
	if s.unbind != nil {
		s.unbind()
	}
	s.conn.Close()
	if s.log != nil {
		s.log.Debug("stream ends", "err", err)
	}
	if !s.held {
		w.dismiss(s)
	}
}

// dismiss forgets a closed stream.
func (w *writer) dismiss(s *stream) {
	s.cursor.Close()
	w.engine.handler.exit(s)
	s.release()
}
