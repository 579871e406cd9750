package eventlog

import (
	"context"

	"github.com/seawaykit/seaway/shared/event"
)

// A Tracer traces appends, for a log of this kit that is given a context of [WithTracer].
type Tracer interface {
	// BeginAppend is called when an append of n drafts begins, with the topic and the
	// first one's type. The append goes on with the context that it returns, and end is
	// called once with its result; ids are none of it if it has failed. Neither may block.
	BeginAppend(ctx context.Context, topic, typ string, n int) (_ context.Context, end func(ids []event.ID, err error))
}

type tracerKey struct{}

// WithTracer returns a context whose appends t traces. A nil t returns ctx.
func WithTracer(ctx context.Context, t Tracer) context.Context {
	if t == nil {
		return ctx
	}
	return context.WithValue(ctx, tracerKey{}, t)
}

// TraceAppend is for implementations of [Log], at the begin of Append and AppendAll. end is
// nil if the context has no tracer: that costs nanoseconds, and no memory.
func TraceAppend(ctx context.Context, topic, typ string, n int) (_ context.Context, end func(ids []event.ID, err error)) {
	if t, ok := ctx.Value(tracerKey{}).(Tracer); ok {
		return t.BeginAppend(ctx, topic, typ, n)
	}
	return ctx, nil
}
