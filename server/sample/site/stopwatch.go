package site

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/seawaykit/seaway/shared/event"
)

const (
	watchedTime = time.Minute // what the median is of
	watchedMost = 1024        // appends at most
)

// A stopwatch times what the site appends to its log. It is no more than an
// appender: the log itself stays what it is for whoever reads it or asks for its
// health.
type stopwatch struct {
	log event.Appender

	mu       sync.Mutex
	laps     [watchedMost]lap // a ring
	next     int              // in laps
	appended int              // since the last reading
	slowest  time.Duration    // likewise
}

// A lap is one append.
type lap struct {
	at   time.Time
	took time.Duration
}

// Append implements [event.Appender]. Failures are not timed: they say how long
// somebody waited, not how fast the log is.
func (w *stopwatch) Append(ctx context.Context, d event.Draft) (event.ID, error) {
	begin := time.Now()
	id, err := w.log.Append(ctx, d)
	if err == nil {
		w.note(lap{begin, time.Since(begin)})
	}
	return id, err
}

func (w *stopwatch) note(l lap) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.laps[w.next] = l
	w.next = (w.next + 1) % len(w.laps)
	w.appended++
	w.slowest = max(w.slowest, l.took)
}

// read returns how many appends there were since the last reading and the
// slowest of them, and the median of the last minute's, or of the newest 1,024
// if it had more; 0 if there were none.
func (w *stopwatch) read(now time.Time) (appended int, slowest, median time.Duration) {
	w.mu.Lock()
	var took []time.Duration
	for _, l := range w.laps {
		if !l.at.IsZero() && now.Sub(l.at) < watchedTime {
			took = append(took, l.took)
		}
	}
	appended, slowest = w.appended, w.slowest
	w.appended, w.slowest = 0, 0
	w.mu.Unlock()
	if len(took) == 0 {
		return appended, slowest, 0
	}
	slices.Sort(took)
	return appended, slowest, took[len(took)/2]
}
