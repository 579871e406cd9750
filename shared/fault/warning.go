//go:build !js

package fault

import (
	"log/slog"
	"sync"
	"time"
)

// warningPause is how far apart the lines of one Warning are at least.
const warningPause = 10 * time.Second

// A Warning is a line for the server's log about something that clients cause and
// may cause as often as they like: it is written at most every 10 s, with the
// number of those that were left out before it. The zero Warning is ready. It is
// safe for concurrent use.
type Warning struct {
	mu      sync.Mutex
	last    time.Time
	leftOut int
}

// Log writes the line if it is time to.
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
