package reactor

import "sync/atomic"

// Stats are metrics of a reactor at one moment. Totals count from when it was made.
type Stats struct {
	Open    int    // connections
	Blocked int    // of them, those without room
	Bytes   uint64 // written
	Slow    uint64 // connections closed because they took nothing for the write timeout
}

// Stats returns the current metrics. It costs the loops nothing.
func (r *Reactor) Stats() (s Stats) {
	for _, l := range r.loops {
		s.Open += int(l.counters.open.Load())
		s.Blocked += int(l.counters.blocked.Load())
		s.Bytes += l.counters.bytes.Load()
		s.Slow += l.counters.slow.Load()
	}
	return s
}

// counters are what one loop has counted.
type counters struct {
	open, blocked atomic.Int64
	bytes, slow   atomic.Uint64
}
