package fanout

import "time"

// Stats are metrics of a hub at one moment.
type Stats struct {
	Events   int           // in the ring
	Bytes    int           // that these take, encoded
	Head     uint64        // the newest event's number on this node
	HeadAge  time.Duration // since the log stored it; 0 before the first
	Lag      uint64        // how many numbers the slowest cursor is behind the head
	Cursors  int           // open
	LogReads int           // reads of the log for readers, under way
	Pages    uint64        // of the log, read for readers that were behind the ring
}

// Stats visits every cursor, about 10 us for 1,000, while readers go on and
// publishing waits.
func (h *Hub) Stats() Stats {
	h.mu.RLock()
	defer h.mu.RUnlock()
	s := Stats{LogReads: len(h.logSlots), Pages: h.pages.Load()}
	if h.ring == nil {
		return s
	}
	r := h.ring
	s.Events, s.Bytes, s.Head = r.order.len()-r.replacedSlots, r.bytes, r.head.Seq()
	if !r.time.IsZero() {
		s.HeadAge = time.Since(r.time)
	}
	for _, g := range r.groups {
		s.Cursors += len(g.cursors)
		for _, c := range g.cursors {
			s.Lag = max(s.Lag, c.lag(s.Head))
		}
	}
	return s
}

// lag returns how far the cursor is behind. A cursor that waits has all events
// of its topics, however long ago the last one was.
func (c *Cursor) lag(head uint64) uint64 {
	if seq := c.seq.Load(); !c.armed.Load() && seq < head {
		return head - seq
	}
	return 0
}
