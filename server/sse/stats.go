package sse

import (
	"errors"
	"os"
	"sync/atomic"
)

// Stats are figures of a handler at one moment. Those that count something in
// all do so since the handler was made.
type Stats struct {
	Fast   int    // streams open on the fast path
	Plain  int    // streams open on net/http
	Parked int    // of the fast ones: how many wait until their reader takes more
	Opened uint64 // streams in all
	Events uint64 // events handed to readers' connections
	Bytes  uint64 // bytes handed to readers' connections, control frames and heads too
	// Faults counts the requests that were answered with a fault frame.
	Faults uint64
	// Resets counts the readers that were told to start over.
	Resets uint64
	// Slow counts the streams that were closed because their reader took
	// nothing for the write timeout.
	Slow uint64
	// Replays counts how often a stream was behind the ring and was given a
	// page of the log. Those that are at one position share a read.
	Replays uint64
}

// Stats sums up what the handler and its writers have counted. It costs them
// nothing.
func (h *Handler) Stats() Stats {
	var s Stats
	h.tally.addTo(&s)
	if h.engine != nil {
		for _, w := range h.engine.writers {
			w.tally.addTo(&s)
		}
	}
	return s
}

// A tally is one counter's own figures: the handler's, or one writer's.
type tally struct {
	fast, plain, parked                                  atomic.Int64
	opened, events, bytes, faults, resets, slow, replays atomic.Uint64
}

func (t *tally) addTo(s *Stats) {
	s.Fast += int(t.fast.Load())
	s.Plain += int(t.plain.Load())
	s.Parked += int(t.parked.Load())
	s.Opened += t.opened.Load()
	s.Events += t.events.Load()
	s.Bytes += t.bytes.Load()
	s.Faults += t.faults.Load()
	s.Resets += t.resets.Load()
	s.Slow += t.slow.Load()
	s.Replays += t.replays.Load()
}

// failed counts a write that failed because it took too long.
func (t *tally) failed(err error) {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		t.slow.Add(1)
	}
}
