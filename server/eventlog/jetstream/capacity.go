package jetstream

import (
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
)

// fullTime is how long an append that found no room counts. Only another append
// shows whether there is room again, and there may be no other.
const fullTime = time.Minute

// A capacity stores whether the stream's servers had room for the last append.
type capacity struct {
	mu  sync.Mutex
	err error     // of the last append, if it was refused for want of room
	at  time.Time // when it was
}

// note stores the result of an append, and logs a change.
func (r *capacity) note(err error, logger *slog.Logger) {
	full := errors.Is(err, eventlog.ErrFull) && !errors.Is(err, eventlog.ErrHeld)
	if err != nil && !full {
		return // it does not depend on the room
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	was := r.err != nil
	known := was && time.Since(r.at) < fullTime
	r.err, r.at = err, time.Now()
	switch {
	case full && !known:
		logger.Error("the event log is full: make room on its servers", "error", err)
	case !full && was:
		logger.Info("the event log has room again")
	}
}

// Health returns nil, or the [eventlog.ErrFull] of the last append if that was
// within a minute. A log with Options.Diagnose leaves that to its owner. Whether
// the log can be reached is reported by Tail. An [eventlog.ErrHeld] lasts until the
// values have moved on.
func (l *Log) Health() error {
	if err := l.trimming.health(); err != nil {
		return err
	}
	l.capacity.mu.Lock()
	defer l.capacity.mu.Unlock()
	if time.Since(l.capacity.at) >= fullTime {
		return nil
	}
	return l.capacity.err
}
