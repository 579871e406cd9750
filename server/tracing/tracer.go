// Package tracing traces a server of package live by OpenTelemetry: requests, appends to
// the log, and the fan-out of events to the streams, joined by the event's id. It is a module
// of its own, so that programs that do not trace need nothing of OpenTelemetry.
//
//	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter)) // the program's own
//	defer provider.Shutdown(ctx)
//	srv, err := live.New(log, live.Options{Tracer: tracing.New(provider, tracing.Options{})})
//
// # The spans
//
//	POST /commands/chat.post     a request, by its route
//	└ append                     seaway.event.id, seaway.topic, seaway.event.type
//	  └ fan-out                  seaway.event.id, seaway.readers
//
// # Promises
//
//   - A request is the root of its trace, unless Options.Propagator finds the caller's. That
//     of a stream ends when the stream has begun, if it is on the fast path. A command on a
//     socket is a request as any other.
//   - An append is a span of the trace whose context it is given: handlers pass theirs on.
//     Functions of [live.Server.Go] have a context that traces their appends as well.
//   - The fan-out of an event that this server has appended is a child of its append, from
//     when the hub has the event from the log until the streams of its topic are woken to
//     write it. That of an event which another node has appended is a trace of its own: its
//     seaway.event.id is that of the append. Events that were in the log before the server
//     started are not traced.
//   - No span has a value of a parameter, the path of a page, a body, an address or an
//     identity. Topics are there: what exports spans sees the keys in them.
//   - Nothing waits for an exporter, as long as the provider's processor does not. Memory is
//     bounded: of 1,024 events that were appended, and as many that were fanned out, the
//     other half is awaited. An event beyond that has a trace of its own.
package tracing

import (
	"context"
	"net/http"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/seawaykit/seaway/server/live"
)

// Options configure a [Tracer].
type Options struct {
	// Propagator finds the trace that a request is a part of in its headers, as
	// [propagation.TraceContext] does. Any client can send them, and so choose what is
	// sampled: set it behind a proxy that does not pass them on. Default: none is looked for.
	Propagator propagation.TextMapPropagator
}

// A Tracer is the Tracer of one server's [live.Options]. Make it with [New].
type Tracer struct {
	tracer trace.Tracer
	opts   Options
	joins  joins
}

var _ live.Tracer = (*Tracer)(nil)

// New returns a Tracer whose spans are the provider's.
func New(provider trace.TracerProvider, opts Options) *Tracer {
	return &Tracer{tracer: provider.Tracer("github.com/seawaykit/seaway/server/tracing"), opts: opts, joins: newJoins()}
}

// BeginRequest implements [live.Tracer].
func (t *Tracer) BeginRequest(r *http.Request, route string) (context.Context, func(status int)) {
	if _, path, ok := strings.Cut(route, " /"); ok { // a pattern with a method
		route = "/" + path
	}
	options := []trace.SpanStartOption{
		trace.WithSpanKind(trace.SpanKindServer),
		trace.WithAttributes(attribute.String("http.request.method", method(r)), attribute.String("http.route", route)),
	}
	ctx := r.Context()
	if t.opts.Propagator != nil {
		ctx = t.opts.Propagator.Extract(ctx, propagation.HeaderCarrier(r.Header))
	} else {
		options = append(options, trace.WithNewRoot()) // also of a command on a socket
	}
	ctx, span := t.tracer.Start(ctx, method(r)+" "+route, options...)
	return ctx, func(status int) {
		span.SetAttributes(attribute.Int("http.response.status_code", status))
		if status >= 500 {
			span.SetStatus(codes.Error, "")
		}
		span.End()
	}
}

// method returns the request's, if it is one: a client may write anything.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return r.Method
	}
	return "_OTHER"
}
