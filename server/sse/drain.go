package sse

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/seawaykit/seaway/shared/wire"
)

const (
	// byePace is the least time between two byes: one client gets its bye at
	// once, and 1,000 get theirs over 2 s.
	byePace = 2 * time.Millisecond
	// returnPace is by how much each open stream extends the time over which
	// clients come back: at most 1,000 come back a second.
	returnPace = time.Millisecond
	maxReturn  = 30 * time.Second
	// cutTime is what a stream needs to end after it was cut.
	cutTime = 100 * time.Millisecond
)

// Shutdown ends all streams gracefully. New requests are answered with a fault
// that asks the client to retry. Each stream goes on until it is sent its bye.
// The byes are spread over the first three quarters of the time until ctx's
// deadline, or less if there are few streams; without a deadline all are sent
// at once. The pause that a bye asks for is random, and the longer the more
// streams there are. A stream that has not taken its bye when a tenth of the
// time is left, or when ctx ends, is cut.
//
// It returns nil when every stream has ended and no goroutine of the handler is
// left, or else ctx's error.
func (h *Handler) Shutdown(ctx context.Context) error {
	open := h.shut()
	ended := make(chan struct{})
	go func() { // ends with the last stream, at the latest soon after the cut
		defer close(ended)
		h.streams.Wait()
		if h.fast != nil {
			h.fast.stop()
		}
	}()
	stagger, cutAt := schedule(ctx, len(open))
	h.sendByes(ctx, open, stagger, ended)
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
	case <-cutAt:
	}
	h.cutAll()
	ends := time.NewTimer(cutTime)
	defer ends.Stop()
	select {
	case <-ended:
		return nil
	case <-ends.C:
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

// shut refuses new streams and returns the open ones.
func (h *Handler) shut() []openStream {
	h.mu.Lock()
	defer h.mu.Unlock()
	open := slices.Collect(maps.Keys(h.open))
	if h.expiry != nil {
		h.expiry.Stop()
	}
	if !h.closed {
		h.closed = true
		h.spread = min(time.Duration(len(open))*returnPace, maxReturn)
	}
	return open
}

// sendByes sends each stream its bye, in the random order of a map.
func (h *Handler) sendByes(ctx context.Context, open []openStream, stagger time.Duration, ended <-chan struct{}) {
	begin := time.Now()
	pause := time.NewTimer(0)
	defer pause.Stop()
	for i, s := range open {
		if wait := time.Until(begin.Add(stagger * time.Duration(i) / time.Duration(len(open)))); wait > 0 {
			pause.Reset(wait)
			select {
			case <-pause.C:
			case <-ended:
				return
			case <-ctx.Done():
				return
			}
		}
		s.sendBye(wire.Shutdown)
	}
}

// cutAll cuts the open streams, and the reads of the log that are under way.
// The lock keeps the streams from ending meanwhile: a response must not be
// touched after its handler has returned.
func (h *Handler) cutAll() {
	if h.fast != nil {
		h.fast.replays.quit()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.open {
		s.cut()
	}
}

// bye returns the last frame of a stream.
func (h *Handler) bye(reason string) []byte { return byeFrame(h.retryHint()+h.jitter(), reason) }
