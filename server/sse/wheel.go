package sse

import "time"

// rimSize is how many ticks ahead a wheel can tell apart. What is due later is
// visited then, and placed again.
const rimSize = 256

// A wheel holds streams by the time at which each is to be looked at: one timer
// for all of them, and none that is set anew for every write. A stream that is
// busy is visited once in a while and placed again.
type wheel struct {
	tick  time.Duration
	at    int64 // the tick up to which it has been turned
	count int
	rim   [rimSize]*stream // the first of a list for each tick
}

// A spoke is a stream's place in a wheel.
type spoke struct {
	prev, next *stream
	tick       int64 // 0: none
}

// place puts the stream where it is visited at due, or up to a tick earlier,
// but not before the wheel turns again.
func (w *wheel) place(s *stream, due time.Duration) {
	w.drop(s)
	tick := min(max(int64(due/w.tick), w.at+1), w.at+rimSize-1)
	first := &w.rim[tick%rimSize]
	s.spoke = spoke{next: *first, tick: tick}
	if *first != nil {
		(*first).spoke.prev = s
	}
	*first = s
	w.count++
}

// drop takes the stream out, if it is in.
func (w *wheel) drop(s *stream) {
	sp := s.spoke
	if sp.tick == 0 {
		return
	}
	if sp.next != nil {
		sp.next.spoke.prev = sp.prev
	}
	if sp.prev != nil {
		sp.prev.spoke.next = sp.next
	} else {
		w.rim[sp.tick%rimSize] = sp.next
	}
	s.spoke = spoke{}
	w.count--
}

// turn visits the streams that are due. A visit may place its stream again.
func (w *wheel) turn(now time.Duration, visit func(*stream)) {
	to := int64(now / w.tick)
	w.at = max(w.at, to-rimSize) // after a long sleep one round visits all
	for w.at < to {
		w.at++
		for s := w.rim[w.at%rimSize]; s != nil; s = w.rim[w.at%rimSize] {
			w.drop(s)
			visit(s)
		}
	}
}
