package tracing_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/coder/websocket"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/httpd"
	"github.com/seawaykit/seaway/server/live"
	"github.com/seawaykit/seaway/server/tracing"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/state"
)

type note struct {
	Text string `json:"text"`
}

type board struct{ Notes []string }

type pin struct {
	Board string `json:"board"`
	Text  string `json:"text"`
}

func (p pin) StateKey() string { return p.Board }

var (
	written = event.Define[note]("trace.written")
	write   = command.Define[note, struct{}]("trace.write")
	boards  = state.Define[board]("trace.board")
	pinned  = state.On(boards, "trace.pinned", func(b *board, e event.Of[note]) { b.Notes = append(b.Notes, e.Value.Text) })
	_       = state.Mutate(boards, "trace.pin", func(c *state.Call, _ board, p pin) (struct{}, error) {
		for text := range strings.FieldsSeq(p.Text) {
			state.Emit(c, pinned, note{text})
		}
		return struct{}{}, nil
	})
)

// A node is a server with its spans.
type node struct {
	t     *testing.T
	url   string
	spans *tracetest.InMemoryExporter
}

// start starts a node of a log.
func start(t *testing.T, log eventlog.Log, opts tracing.Options) *node {
	t.Helper()
	n := &node{t: t, spans: tracetest.NewInMemoryExporter()}
	provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(n.spans))
	srv, err := live.New(log, live.Options{
		Follow: live.Public("notes"), Call: live.Anyone, Logger: slog.New(slog.DiscardHandler), Tracer: tracing.New(provider, opts),
	})
	if err != nil {
		t.Fatal(err)
	}
	live.Handle(srv, write, func(ctx context.Context, n note) (struct{}, error) {
		switch n.Text {
		case "refused":
			return struct{}{}, fault.New(fault.Conflict, "no")
		case "unknown":
			_, err := log.Append(ctx, event.Draft{Topic: "notes"})
			return struct{}{}, err
		}
		_, err := written.Publish(ctx, log, "notes", n, command.Once(ctx))
		return struct{}{}, err
	})
	live.Serve(srv, boards, live.Everyone)
	srv.Pages(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	server := httptest.NewUnstartedServer(nil)
	server.Config = httpd.New(srv.Handler(), httpd.Options{})
	server.Start()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		_ = srv.Shutdown(ctx)
		server.CloseClientConnections()
		server.Close()
	})
	n.url = server.URL
	if resp := n.do("GET", "/poll?topic=notes", ""); resp.StatusCode != 200 { // it is ready
		t.Fatal(resp.Status)
	}
	n.await("GET /poll", 1)
	n.spans.Reset()
	return n
}

func (n *node) do(method, path, body string, header ...string) *http.Response {
	n.t.Helper()
	req, err := http.NewRequestWithContext(n.t.Context(), method, n.url+path, strings.NewReader(body))
	if err != nil {
		n.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		n.t.Fatal(err)
	}
	n.t.Cleanup(func() { resp.Body.Close() })
	return resp
}

// await returns the spans of a name when there are as many.
func (n *node) await(name string, count int) (found tracetest.SpanStubs) {
	n.t.Helper()
	deadline := time.Now().Add(time.Minute)
	for ; time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		found = nil
		for _, s := range n.spans.GetSpans() {
			if s.Name == name {
				found = append(found, s)
			}
		}
		if len(found) >= count {
			break
		}
	}
	if len(found) != count {
		n.t.Fatalf("%d spans are called %q, want %d: %v", len(found), name, count, names(n.spans.GetSpans()))
	}
	return found
}

func names(spans tracetest.SpanStubs) (all []string) {
	for _, s := range spans {
		all = append(all, s.Name)
	}
	return all
}

func attr(s tracetest.SpanStub, key string) string {
	for _, a := range s.Attributes {
		if a.Key == attribute.Key(key) {
			return a.Value.String()
		}
	}
	return ""
}

// isChild reports whether a span is another's, in its trace.
func isChild(s, of tracetest.SpanStub) bool {
	return s.Parent.SpanID() == of.SpanContext.SpanID() && s.SpanContext.TraceID() == of.SpanContext.TraceID()
}

// One post is one trace, of request, append and fan-out. Another node fans the event out
// under its id.
func TestPostIsOneTrace(t *testing.T) {
	log := eventlog.NewMemory(eventlog.Retention{})
	a, b := start(t, log, tracing.Options{}), start(t, log, tracing.Options{})
	a.do("GET", "/events?topic=notes", "")
	a.await("GET /events", 1)
	b.spans.Reset()
	if resp := a.do("POST", "/commands/trace.write", `{"text":"secret"}`); resp.StatusCode != 200 {
		t.Fatal(resp.Status)
	}
	request, appended, fanOut := a.await("POST /commands/trace.write", 1)[0], a.await("append", 1)[0], a.await("fan-out", 1)[0]
	if request.Parent.IsValid() || !isChild(appended, request) || !isChild(fanOut, appended) {
		t.Errorf("the trace is not request > append > fan-out: %v", names(a.spans.GetSpans()))
	}
	id := attr(appended, "seaway.event.id")
	if _, err := event.ParseID(id); err != nil || attr(fanOut, "seaway.event.id") != id {
		t.Errorf("%q was appended, %q fanned out", id, attr(fanOut, "seaway.event.id"))
	}
	if attr(fanOut, "seaway.readers") != "1" || attr(appended, "seaway.topic") != "notes" || attr(request, "http.response.status_code") != "200" ||
		request.SpanKind != trace.SpanKindServer || fanOut.EndTime.Before(fanOut.StartTime) {
		t.Errorf("attributes: %v, %v, %v", request.Attributes, appended.Attributes, fanOut.Attributes)
	}
	other := b.await("fan-out", 1)[0]
	if attr(other, "seaway.event.id") != id || other.Parent.IsValid() || other.SpanContext.TraceID() == request.SpanContext.TraceID() {
		t.Errorf("the other node's is %v of %q", other.SpanContext.TraceID(), attr(other, "seaway.event.id"))
	}
	for _, s := range append(a.spans.GetSpans(), b.spans.GetSpans()...) {
		for _, v := range s.Attributes {
			if strings.Contains(v.Value.String(), "secret") {
				t.Errorf("%s has %s", s.Name, v.Value.String())
			}
		}
	}
}

// A mutation that publishes two events is one append with two fan-outs.
func TestMutationOfSeveralEventsIsOneTrace(t *testing.T) {
	n := start(t, eventlog.NewMemory(eventlog.Retention{}), tracing.Options{})
	if resp := n.do("POST", "/commands/trace.pin", `{"board":"red","text":"one two"}`); resp.StatusCode != 200 {
		t.Fatal(resp.Status)
	}
	appended := n.await("append", 1)[0]
	ids := ""
	for _, f := range n.await("fan-out", 2) {
		if !isChild(f, appended) {
			t.Errorf("a fan-out has the parent %v", f.Parent)
		}
		ids += `"` + attr(f, "seaway.event.id") + `",`
	}
	if got := attr(appended, "seaway.event.ids"); got != "["+strings.TrimSuffix(ids, ",")+"]" {
		t.Errorf("%s were appended, %s fanned out", got, ids)
	}
}

// Spans have routes for names, and say what failed.
func TestRequestSpans(t *testing.T) {
	n := start(t, eventlog.NewMemory(eventlog.Retention{}), tracing.Options{})
	n.do("GET", "/reset/secret", "")
	n.do("GET", "/state?topic=trace.board.secret", "")
	n.do("POST", "/commands/secret", "{}")
	n.do("POST", "/commands/trace.write", `{"text":"refused"}`)
	n.do("POST", "/commands/trace.write", `{"text":"unknown"}`)
	n.do("SECRET", "/", "")
	for name, status := range map[string]string{"GET a page": "418", "GET /state": "200", "POST /commands/": "404", "_OTHER a page": "418"} {
		if got := attr(n.await(name, 1)[0], "http.response.status_code"); got != status {
			t.Errorf("%s: %s", name, got)
		}
	}
	calls := n.await("POST /commands/trace.write", 2)
	if attr(calls[0], "http.response.status_code") != "409" || calls[0].Status.Code == codes.Error {
		t.Errorf("a refusal: %v, %v", calls[0].Attributes, calls[0].Status)
	}
	if attr(calls[1], "http.response.status_code") != "500" || calls[1].Status.Code != codes.Error {
		t.Errorf("an error: %v, %v", calls[1].Attributes, calls[1].Status)
	}
}

// A command on a socket is a trace of its own, and not a part of the socket's.
func TestCommandOnASocketIsATrace(t *testing.T) {
	n := start(t, eventlog.NewMemory(eventlog.Retention{}), tracing.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, n.url+"/socket?topic=notes", &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {n.url}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Write(ctx, websocket.MessageText, []byte(`{"id":1,"command":"trace.write","body":{"text":"a"}}`)); err != nil {
		t.Fatal(err)
	}
	request, appended := n.await("POST /commands/trace.write", 1)[0], n.await("append", 1)[0]
	if request.Parent.IsValid() || !isChild(appended, request) {
		t.Errorf("the command's span is a child of %v", request.Parent)
	}
	conn.CloseNow()
	if socket := n.await("GET /socket", 1)[0]; socket.SpanContext.TraceID() == request.SpanContext.TraceID() {
		t.Error("the command is in the socket's trace")
	}
}

// Headers of a client are believed only if that is asked for.
func TestTraceOfACallerIsContinuedOnRequest(t *testing.T) {
	const id = "4bf92f3577b34da6a3ce929d0e0e4736"
	parent := []string{"traceparent", "00-" + id + "-00f067aa0ba902b7-01"}
	for _, test := range []struct {
		opts tracing.Options
		want bool
	}{{tracing.Options{}, false}, {tracing.Options{Propagator: propagation.TraceContext{}}, true}} {
		n := start(t, eventlog.NewMemory(eventlog.Retention{}), test.opts)
		n.do("GET", "/page", "", parent...)
		if s := n.await("GET a page", 1)[0]; (s.SpanContext.TraceID().String() == id) != test.want {
			t.Errorf("%+v: the trace is %s", test.opts, s.SpanContext.TraceID())
		}
	}
}
