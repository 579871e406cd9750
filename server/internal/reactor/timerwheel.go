package reactor

import "time"

// wheelSlots is how many ticks ahead a wheel distinguishes. A connection that
// is due later is reported after that many, and scheduled again.
const wheelSlots = 256

// A timerWheel schedules a time for each connection with one timer for all of them, so
// that no timer has to be reset for every write. A busy connection is reported once in a
// while and scheduled again.
type timerWheel struct {
	tick  time.Duration
	at    int64 // the tick up to which it has advanced
	count int
	slots [wheelSlots]*Conn // the first of a list for each tick
}

// A wheelPlace is a connection's place in a timer wheel.
type wheelPlace struct {
	prev, next *Conn
	tick       int64 // 0: none
}

// schedule makes advance report the connection at due, or up to a tick earlier,
// but not before the next call.
func (w *timerWheel) schedule(c *Conn, due time.Duration) {
	w.remove(c)
	tick := min(max(int64(due/w.tick), w.at+1), w.at+wheelSlots-1)
	first := &w.slots[tick%wheelSlots]
	c.place = wheelPlace{next: *first, tick: tick}
	if *first != nil {
		(*first).place.prev = c
	}
	*first = c
	w.count++
}

// remove removes the connection, if it is scheduled.
func (w *timerWheel) remove(c *Conn) {
	at := c.place
	if at.tick == 0 {
		return
	}
	if at.next != nil {
		at.next.place.prev = at.prev
	}
	if at.prev != nil {
		at.prev.place.next = at.next
	} else {
		w.slots[at.tick%wheelSlots] = at.next
	}
	c.place = wheelPlace{}
	w.count--
}

// advance calls expire for the connections that are due. expire may schedule its
// connection again.
func (w *timerWheel) advance(now time.Duration, expire func(*Conn)) {
	to := int64(now / w.tick)
	w.at = max(w.at, to-wheelSlots) // after a long sleep one round reports all
	for w.at < to {
		w.at++
		for c := w.slots[w.at%wheelSlots]; c != nil; c = w.slots[w.at%wheelSlots] {
			w.remove(c)
			expire(c)
		}
	}
}
