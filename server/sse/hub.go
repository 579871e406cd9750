package sse

import (
	"context"

	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/shared/event"
)

// Run feeds the streams with the log's new events until ctx ends or the log is
// closed, and returns why. It continues after outages of the log, and starts
// over if the log is replaced.
func (h *Handler) Run(ctx context.Context) error { return h.hub.Run(ctx) }

// Ready returns a channel that is closed once the handler has the log's newest
// events: until then streams wait for their first frame.
func (h *Handler) Ready() <-chan struct{} { return h.hub.Ready() }

// Health returns nil, or why the log is out of reach. Streams that need only events
// in memory are not affected.
func (h *Handler) Health() error { return h.hub.Health() }

// A FanOut is what the handler has done with one event for the streams of its topic.
type FanOut = fanout.FanOut

// Busiest are the topics with the most streams, and the streams that are furthest behind.
type Busiest = fanout.Busiest

// Busiest returns the first n of each. It visits every topic and every stream, 40 ms for
// 100,000 of both, of which publishing waits for 6 ms at the most: it is for a person who
// looks.
func (h *Handler) Busiest(n int) Busiest { return h.hub.Busiest(n) }

// RingStats are metrics of the events in memory, and of reads of the log.
type RingStats = fanout.Stats

// RingStats returns the current metrics. It visits every stream, about 10 us for
// 1,000, while publishing waits.
func (h *Handler) RingStats() RingStats { return h.hub.Stats() }

// Await waits until the streams of this handler can deliver all events up to number
// seq. It lets a caller read its own writes, whichever node they were made on. If
// ctx ends first the error is an [eventlog.ErrUnavailable], otherwise it is the
// log's.
func (h *Handler) Await(ctx context.Context, seq uint64) error { return h.hub.Await(ctx, seq) }

// Snapshot returns the newest n retained events of the topics, in order, and the
// position up to which they are complete: a stream that resumes from it goes on
// where the snapshot ends. It reads the log; ctx bounds that.
func (h *Handler) Snapshot(ctx context.Context, topics []string, n int) ([]event.Event, event.ID, error) {
	return h.hub.Snapshot(ctx, topics, n)
}

// Unchanged reports whether no event of the topics has come to this handler after a
// position. It does not read the log: of a position that is older than the events in
// memory, or of another log, it reports false.
func (h *Handler) Unchanged(since event.ID, topics ...string) bool {
	return h.hub.Unchanged(since, topics...)
}
