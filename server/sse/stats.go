package sse

// Stats are metrics of a handler at one moment. Totals count from when the
// handler was made.
type Stats struct {
	Fast    int    // streams open on the fast path
	Plain   int    // streams open on net/http
	Blocked int    // of the fast ones: how many wait for room in their connection
	Opened  uint64 // streams in all
	Events  uint64 // events written to clients' connections
	Bytes   uint64 // bytes written to clients' connections, control frames and heads too
	// Faults counts requests answered with a fault frame.
	Faults uint64
	// Resets counts reset frames sent.
	Resets uint64
	// Slow counts streams closed because the client took nothing for the write
	// timeout.
	Slow uint64
	// Replays counts pages of the log given to streams that were behind the
	// ring. Streams at one position share a read.
	Replays uint64
}

// Stats returns the current metrics. It costs the streams nothing.
func (h *Handler) Stats() Stats {
	var s Stats
	s.add(&h.counters)
	if h.fast != nil {
		r := h.fast.reactor.Stats()
		s.Fast, s.Blocked = r.Open, r.Blocked
		s.Bytes += r.Bytes
		s.Slow += r.Slow
		for _, sh := range h.fast.shards {
			s.add(&sh.counters)
		}
	}
	return s
}

func (s *Stats) add(c *counters) {
	s.Plain += int(c.plain.Load())
	s.Opened += c.opened.Load()
	s.Events += c.events.Load()
	s.Bytes += c.bytes.Load()
	s.Faults += c.faults.Load()
	s.Resets += c.resets.Load()
	s.Slow += c.slow.Load()
	s.Replays += c.replays.Load()
}
