package sse

import (
	"context"
	"maps"
	"math/rand/v2"
	"slices"
	"time"
)

const (
	// byePace is the least time that is spent on each bye: a page of its own
	// ends at once, and 1,000 readers over 2 s.
	byePace = 2 * time.Millisecond
	// returnPace is how much later the last of the readers comes back for each
	// one that there is: 1,000 of them a second, or fewer.
	returnPace = time.Millisecond
	maxReturn  = 30 * time.Second
	// cutTime is what a stream needs to end after it was cut.
	cutTime = 100 * time.Millisecond
)

// Shutdown ends all streams. New requests are answered with a fault that asks
// them to come back. Each stream is told bye at a time of its own, spread over
// the first three quarters of the time until ctx's deadline, or less if there
// are few, and until then it goes on; without a deadline all are told at once.
// The pause that a bye asks for is random, and longer the more readers there
// are. A stream that has not taken its bye when a tenth of the time is left,
// or when ctx ends, is cut.
//
// It returns nil when every stream has ended and no goroutine of the handler is
// left, or else ctx's error.
func (h *Handler) Shutdown(ctx context.Context) error {
	residents := h.shut()
	ended := make(chan struct{})
	go func() { // ends with the last stream, at the latest soon after the cut
		defer close(ended)
		h.Wait()
		if h.engine != nil {
			h.engine.stop()
		}
	}()
	stagger, cutAt := schedule(ctx, len(residents))
	h.sayBye(ctx, residents, stagger, ended)
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
	case <-cutAt:
	}
	h.cutAll()
	patience := time.NewTimer(cutTime)
	defer patience.Stop()
	select {
	case <-ended:
		return nil
	case <-patience.C:
	}
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// schedule returns over how long the byes are spread, and when the streams that
// are left are cut: never if ctx has no deadline.
func schedule(ctx context.Context, streams int) (stagger time.Duration, cutAt <-chan time.Time) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return 0, nil
	}
	grace := time.Until(deadline)
	return min(grace*3/4, time.Duration(streams)*byePace), time.After(grace * 9 / 10)
}

// shut refuses new streams and returns those that are open.
func (h *Handler) shut() []resident {
	h.mu.Lock()
	defer h.mu.Unlock()
	residents := slices.Collect(maps.Keys(h.open))
	if !h.closed {
		h.closed = true
		h.spread = min(time.Duration(len(residents))*returnPace, maxReturn)
	}
	return residents
}

// sayBye tells each stream to leave, in the random order of a map.
func (h *Handler) sayBye(ctx context.Context, residents []resident, stagger time.Duration, ended <-chan struct{}) {
	begin := time.Now()
	pause := time.NewTimer(0)
	defer pause.Stop()
	for i, s := range residents {
		if wait := time.Until(begin.Add(stagger * time.Duration(i) / time.Duration(len(residents)))); wait > 0 {
			pause.Reset(wait)
			select {
			case <-pause.C:
			case <-ended:
				return
			case <-ctx.Done():
				return
			}
		}
		s.leave()
	}
}

// cutAll cuts what is open, and reads of the log that are under way. The lock
// keeps the streams from ending meanwhile: a response must not be touched after
// its handler has returned.
func (h *Handler) cutAll() {
	if h.engine != nil {
		h.engine.replays.quit()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.open {
		s.cut()
	}
}

// bye returns the last frame of a stream.
func (h *Handler) bye() []byte { return byeFrame(h.retryHint()+h.jitter(), "shutdown") }

// jitter returns how much longer than others a reader who is told bye waits.
func (h *Handler) jitter() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return rand.N(h.spread + 1)
}
