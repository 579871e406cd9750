package tracing_test

import (
	"context"
	"os"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/seawaykit/seaway/server/live"
	"github.com/seawaykit/seaway/server/tracing"
)

// exporter is the program's choice, as that of
// go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp.
var exporter sdktrace.SpanExporter

// A program that traces one request in a hundred. What is not exported when it ends is
// exported then.
func Example() {
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithBatcher(exporter),
		sdktrace.WithSampler(sdktrace.ParentBased(sdktrace.TraceIDRatioBased(0.01))),
	)
	status := live.Main(live.Program{
		Name: "notes",
		New: func(_ context.Context, c live.Config) (*live.Server, error) {
			return live.New(c.Log, c.Options(live.Options{Tracer: tracing.New(provider, tracing.Options{})}))
		},
	})
	_ = provider.Shutdown(context.Background()) // spans are lost then, and nothing else
	os.Exit(status)
}
