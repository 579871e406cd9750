package embedded

import "github.com/seawaykit/seaway/shared/event"

// A reached is the highest number that is known to have been given, and the
// generation in which that was so. A restart of the server begins another, in which
// the log may hold less.
type reached struct {
	generation event.Generation
	seq        uint64
}

// Acknowledged implements [eventlog.Acknowledger]: the directory is locked, and the
// server in it has no port, so every append is one of this Log.
func (l *Log) Acknowledged() (seq uint64, known bool) {
	r := l.reached.Load()
	if r == nil || r.generation != l.generations().Newest() || l.conn.IsClosed() {
		return 0, false
	}
	return r.seq, true
}

// note notes a number that has been acknowledged, or was found in the log.
func (l *Log) note(generation event.Generation, seq uint64) {
	if generation != l.generations().Newest() {
		return // a retry's answer: the event was stored before a restart
	}
	for next := (&reached{generation, seq}); ; {
		old := l.reached.Load()
		if old != nil && old.generation == generation && old.seq >= seq || l.reached.CompareAndSwap(old, next) {
			return
		}
	}
}
