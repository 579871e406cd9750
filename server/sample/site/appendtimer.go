package site

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/seawaykit/seaway/shared/event"
)

const (
	sampledTime = time.Minute // the median is of the appends of that time
	maxSamples  = 1024        // and of so many appends at most
)

// An appendTimer measures how long the site's appends take. It wraps only
// Append: the log itself is used directly for reads and health.
type appendTimer struct {
	log event.Appender

	mu       sync.Mutex
	samples  [maxSamples]appendSample // a ring
	next     int                      // in samples
	appended int                      // since the last call
}

// An appendSample is one append.
type appendSample struct {
	at   time.Time
	took time.Duration
}

// Append implements [event.Appender]. Failures are not measured: they show how
// long a caller waited, not how fast the log is.
func (w *appendTimer) Append(ctx context.Context, d event.Draft) (event.ID, error) {
	begin := time.Now()
	id, err := w.log.Append(ctx, d)
	if err == nil {
		w.add(appendSample{begin, time.Since(begin)})
	}
	return id, err
}

func (w *appendTimer) add(l appendSample) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.samples[w.next] = l
	w.next = (w.next + 1) % len(w.samples)
	w.appended++
}

// read returns how many appends there were since the last call, and the slowest and the
// median of the last minute's, or of the newest 1,024 if it had more; 0 if there were
// none.
func (w *appendTimer) read(now time.Time) (appended int, slowest, median time.Duration) {
	w.mu.Lock()
	var took []time.Duration
	for _, l := range w.samples {
		if !l.at.IsZero() && now.Sub(l.at) < sampledTime {
			took = append(took, l.took)
		}
	}
	appended = w.appended
	w.appended = 0
	w.mu.Unlock()
	if len(took) == 0 {
		return appended, 0, 0
	}
	slices.Sort(took)
	return appended, took[len(took)-1], took[len(took)/2]
}
