//go:build !js

package fault

import (
	"log/slog"
	"sync"
	"time"
)

// warningPause is the least time between two lines of one Warning.
const warningPause = 10 * time.Second

// A Warning logs a line at most every 10 s, with the number of lines that were
// left out since the last one. Use it for what clients can cause as often as they
// like. The zero Warning is ready to use, and safe for concurrent use.
type Warning struct {
	mu      sync.Mutex
	last    time.Time
	leftOut int
}

// Log writes the line, unless the last one was less than 10 s ago.
func (w *Warning) Log(logger *slog.Logger, message string, args ...any) {
	if leftOut, due := w.due(time.Now()); due {
		if leftOut > 0 {
			args = append(args, "left_out", leftOut)
		}
		logger.Warn(message, args...)
	}
}

func (w *Warning) due(now time.Time) (leftOut int, due bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.last.IsZero() && now.Sub(w.last) < warningPause {
		w.leftOut++
		return 0, false
	}
	leftOut, w.last, w.leftOut = w.leftOut, now, 0
	return leftOut, true
}
