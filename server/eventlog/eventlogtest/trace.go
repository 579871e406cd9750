package eventlogtest

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// A traceRecorder is a Tracer that writes down what it traces.
type traceRecorder struct{ seen []string }

func (r *traceRecorder) BeginAppend(ctx context.Context, topic, typ string, n int) (context.Context, func([]event.ID, error)) {
	begun := fmt.Sprint(topic, " ", typ, " ", n)
	return ctx, func(ids []event.ID, err error) {
		if err != nil {
			ids = nil
		}
		r.seen = append(r.seen, fmt.Sprint(begun, " ", ids, " ", errors.Is(err, eventlog.ErrConflict)))
	}
}

func traced(t *testCase) {
	log := t.open(eventlog.Retention{})
	var r traceRecorder
	ctx := eventlog.WithTracer(t.Context(), &r)
	id, err := log.Append(ctx, draft("a", "1"))
	if err != nil {
		t.Fatal(err)
	}
	ids, err := log.AppendAll(ctx, batch("a", "b", 2))
	if err != nil {
		t.Fatal(err)
	}
	never := uint64(1 << 40)
	late := draft("a", "2")
	late.ExpectLast = &never
	if _, err := log.Append(ctx, late); err == nil {
		t.Error("an append with a wrong expectation was stored")
	}
	t.publish(log, draft("a", "3")) // its context has no tracer
	want := []string{
		fmt.Sprint("a test.happened 1 ", []event.ID{id}, " false"), fmt.Sprint("a test.happened 2 ", ids, " false"),
		fmt.Sprint("a test.happened 1 ", []event.ID(nil), " true"),
	}
	if !slices.Equal(r.seen, want) {
		t.Errorf("traced are %q, want %q", r.seen, want)
	}
}
