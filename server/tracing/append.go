package tracing

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
)

// The attributes of the kit's spans.
const (
	eventID   = attribute.Key("seaway.event.id")
	eventIDs  = attribute.Key("seaway.event.ids") // if several were appended as one
	eventType = attribute.Key("seaway.event.type")
	topicName = attribute.Key("seaway.topic")
	readers   = attribute.Key("seaway.readers")
	refusal   = attribute.Key("error.type") // a fault's code
)

// BeginAppend implements [live.Tracer].
func (t *Tracer) BeginAppend(ctx context.Context, topic, typ string, _ int) (context.Context, func([]event.ID, error)) {
	ctx, span := t.tracer.Start(ctx, "append", trace.WithSpanKind(trace.SpanKindProducer),
		trace.WithAttributes(topicName.String(topic), eventType.String(typ)))
	n := t.joins.begin()
	return ctx, func(ids []event.ID, err error) {
		if err != nil {
			ids = nil
			e, _ := fault.From(err)
			span.SetAttributes(refusal.String(string(e.Code)))
			if e.Status() >= 500 {
				span.SetStatus(codes.Error, e.Message)
			}
		}
		span.SetAttributes(named(ids)...)
		span.End()
		for _, j := range t.joins.end(n, ids, span.SpanContext()) {
			t.fanOut(j)
		}
	}
}

// named returns the attributes that name events.
func named(ids []event.ID) (attrs []attribute.KeyValue) {
	if len(ids) > 0 {
		attrs = append(attrs, eventID.String(ids[0].String()))
	}
	if len(ids) > 1 {
		texts := make([]string, len(ids))
		for i, id := range ids {
			texts[i] = id.String()
		}
		attrs = append(attrs, eventIDs.StringSlice(texts))
	}
	return attrs
}

// FannedOut implements [live.Tracer].
func (t *Tracer) FannedOut(f sse.FanOut) {
	for _, j := range t.joins.fannedOut(f) {
		t.fanOut(j)
	}
}

// fanOut makes the span of a fan-out.
func (t *Tracer) fanOut(j joined) {
	ctx := trace.ContextWithSpanContext(context.Background(), j.append)
	_, span := t.tracer.Start(ctx, "fan-out", trace.WithTimestamp(j.Began), trace.WithSpanKind(trace.SpanKindConsumer), trace.WithAttributes(
		eventID.String(j.Event.ID().String()), topicName.String(j.Event.Topic()), eventType.String(j.Event.Type()), readers.Int(j.Readers)))
	span.End(trace.WithTimestamp(j.Ended))
}
