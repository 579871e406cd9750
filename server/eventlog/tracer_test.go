package eventlog_test

import (
	"context"
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
)

// An append without a tracer pays for a look into its context, and no memory.
func BenchmarkTraceAppendOff(b *testing.B) {
	type key struct{}
	ctx := context.Background()
	for range 8 { // about as deep as a request's
		ctx = context.WithValue(ctx, key{}, 0)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, end := eventlog.TraceAppend(ctx, "room.lobby", "chat.posted", 1); end != nil {
			b.Fatal("there is a tracer")
		}
	}
}

func TestAppendWithoutATracerTakesNoMemory(t *testing.T) {
	ctx := eventlog.WithTracer(t.Context(), nil)
	if n := testing.AllocsPerRun(100, func() { eventlog.TraceAppend(ctx, "room.lobby", "chat.posted", 1) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
