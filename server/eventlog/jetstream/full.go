package jetstream

import (
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
)

// fullTime is how long an append that found no room counts. Only another append
// shows whether there is room again, and there may be none.
const fullTime = time.Minute

// A room knows whether the stream's servers have any.
type room struct {
	mu  sync.Mutex
	err error     // of the last append, if it was refused for want of room
	at  time.Time // when it was
}

// note takes what became of an append, and logs when that is news.
func (r *room) note(err error, logger *slog.Logger) {
	full := errors.Is(err, eventlog.ErrFull)
	if err != nil && !full {
		return // it says nothing about room
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
// within a minute. A log whose owner has a Diagnose leaves that to the owner, and
// whether the log can be reached is reported by Tail.
func (l *Log) Health() error {
	l.room.mu.Lock()
	defer l.room.mu.Unlock()
	if time.Since(l.room.at) >= fullTime {
		return nil
	}
	return l.room.err
}
