package live

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
)

// The whole way: a call, the log, the stream, the poll and the snapshot.
func TestServer_CarriesACallToItsFollowers(t *testing.T) {
	s := newTest(t, Options{Version: "v7"})
	url := serveTest(t, s)
	open := follow(t, url+"/events?topic=notes")
	if hello := open.next("hello"); !strings.Contains(hello, `"build":"v7"`) {
		t.Errorf("the hello is %s", hello)
	}
	if resp, body := call(t, url, "live.write", `{"text":"first"}`); resp.StatusCode != 200 {
		t.Fatalf("the call: %d, %s", resp.StatusCode, body)
	}
	if got := open.next("live.written"); got != `{"text":"first"}` {
		t.Errorf("the stream has %s", got)
	}
	events, at, err := s.Snapshot(t.Context(), []string{topic}, 10)
	if err != nil || len(events) != 1 || string(events[0].Data()) != `{"text":"first"}` || at != events[0].ID() {
		t.Errorf("the snapshot is %v at %v (%v)", events, at, err)
	}
	if _, body := ask(t, "GET", url+"/poll?topic=notes&last=5", ""); !strings.Contains(body, `{"text":"first"}`) {
		t.Errorf("the poll has %s", body)
	}
	resp, body := call(t, url, "live.write", `{"text":"x","unknown":1}`)
	checkFault(t, "an unknown field", resp, body, fault.Invalid)
}

// A lateLog hands out nothing new, once it is held, until it is asked for its state.
type lateLog struct {
	eventlog.Log
	mu   sync.Mutex
	held chan struct{} // nil if nothing is held
}

func (l *lateLog) hold() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held = make(chan struct{})
}

func (l *lateLog) State(ctx context.Context) (eventlog.State, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held != nil {
		close(l.held)
		l.held = nil
	}
	return l.Log.State(ctx)
}

func (l *lateLog) Tail(ctx context.Context, from uint64, fn func([]event.Event, error)) error {
	return l.Log.Tail(ctx, from, func(batch []event.Event, err error) {
		l.mu.Lock()
		held := l.held
		l.mu.Unlock()
		if held != nil {
			select {
			case <-held:
			case <-ctx.Done():
			}
		}
		fn(batch, err)
	})
}

// A snapshot waits for events that this node has yet to receive.
func TestSnapshot_HasWhatWasAcknowledgedBefore(t *testing.T) {
	log := &lateLog{Log: eventlog.NewMemory(eventlog.Retention{})}
	s := newTestOn(t, log, Options{})
	s.Handler() // starts it
	<-s.Streams().Ready()
	log.hold()
	id, err := written.Publish(t.Context(), log, topic, note{"x"})
	if err != nil {
		t.Fatal(err)
	}
	events, at, err := s.Snapshot(t.Context(), []string{topic}, 10)
	if err != nil || len(events) != 1 || at != id {
		t.Errorf("the snapshot is %v at %v (%v), want %v", events, at, err, id)
	}
}

// What was written on another node of the log is in a snapshot as soon as it is
// acknowledged. Servers of one process share nothing else.
func TestServer_SeesWhatOthersOfItsLogHaveWritten(t *testing.T) {
	log := eventlog.NewMemory(eventlog.Retention{})
	a, b := newTestOn(t, log, Options{}), newTestOn(t, log, Options{Follow: Public("other")})
	other := newTest(t, Options{})
	urlA, urlB := serveTest(t, a), serveTest(t, b)
	for range 20 {
		call(t, urlA, "live.write", `{"text":"x"}`)
		want, _, err := a.Snapshot(t.Context(), []string{topic}, 100)
		got, _, errB := b.Snapshot(t.Context(), []string{topic}, 100)
		if err != nil || errB != nil || len(got) != len(want) || len(got) == 0 {
			t.Fatalf("%d events and %d (%v, %v)", len(want), len(got), err, errB)
		}
	}
	if none, _, err := other.Snapshot(t.Context(), []string{topic}, 100); err != nil || len(none) > 0 {
		t.Errorf("another log has %d events (%v)", len(none), err)
	}
	if err := a.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if resp, _ := ask(t, "GET", urlB+"/poll?topic=other", ""); resp.StatusCode != 200 {
		t.Errorf("with its neighbour shut down: %d", resp.StatusCode)
	}
	if resp, _ := ask(t, "GET", urlB+"/poll?topic=notes", ""); resp.StatusCode != 403 {
		t.Errorf("its neighbour's topic: %d", resp.StatusCode)
	}
}

func TestServer_ServesTheFilesOfItsDirectories(t *testing.T) {
	s := newTest(t, Options{Version: "v1"})
	url := serveTest(t, s)
	for path, want := range map[string]int{
		"/web/app.css": 200, s.URL("/web/app.css"): 200, "/web/app.wasm": 200,
		"/web/.private": 404, "/web/static/app.css": 404, "/web/": 404, "/robots.txt": 200,
	} {
		if resp, _ := ask(t, "GET", url+path, ""); resp.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, resp.StatusCode, want)
		}
	}
	if s.URL("/web/app.css") == "/web/app.css" || s.WasmSize() != 4 || !strings.HasSuffix(s.Version(), "-v1") {
		t.Errorf("address %s, %d bytes of wasm, version %s", s.URL("/web/app.css"), s.WasmSize(), s.Version())
	}
	_, err := New(eventlog.NewMemory(eventlog.Retention{}), Options{Files: fstest.MapFS{"a/x.css": {}, "b/x.css": {}}})
	if err == nil || !strings.Contains(err.Error(), "x.css") {
		t.Errorf("one name in two directories: %v", err)
	}
}

func TestServer_CompressesPagesOnly(t *testing.T) {
	url := serveTest(t, newTest(t, Options{}))
	_, plain := ask(t, "GET", url+"/", "")
	for accept, packed := range map[string]bool{"gzip": true, "br, gzip;q=0.5": true, "*": true, "": false, "deflate": false, "gzip;q=0": false} {
		resp, body := ask(t, "GET", url+"/", "", "Accept-Encoding", accept)
		if got := resp.Header.Get("Content-Encoding") == "gzip"; got != packed {
			t.Errorf("%q is answered in %q", accept, resp.Header.Get("Content-Encoding"))
		} else if got {
			z, err := gzip.NewReader(strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			unpacked, err := io.ReadAll(z)
			if err != nil || string(unpacked) != plain {
				t.Errorf("%q gets %q (%v)", accept, unpacked, err)
			}
		}
	}
	for _, path := range []string{"/app.js", "/robots.txt", "/poll?topic=notes", "/commands/live.echo"} {
		if resp, _ := ask(t, "GET", url+path, "", "Accept-Encoding", "gzip"); resp.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s is compressed", path)
		}
	}
	req, _ := http.NewRequestWithContext(t.Context(), "GET", url+"/events?topic=notes", nil)
	req.Header.Set("Accept-Encoding", "gzip")
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if begin, _ := io.ReadAll(io.LimitReader(resp.Body, 6)); string(begin) != "retry:" {
		t.Errorf("a stream begins with %q", begin)
	}
}

// A page that panics is one answer with 500 and a line, and nothing else of the
// server ends.
func TestServer_AnswersAPanicWith500(t *testing.T) {
	var access, logged safeBuffer
	s := newTest(t, Options{Access: &access, Logger: slog.New(slog.NewTextHandler(&logged, nil))})
	s.Pages(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("oh no") }))
	url := serveTest(t, s)
	if resp, _ := ask(t, "GET", url+"/page", "", "Accept-Encoding", "gzip"); resp.StatusCode != 500 {
		t.Errorf("status %d", resp.StatusCode)
	}
	if resp, _ := call(t, url, "live.echo", `{}`); resp.StatusCode != 200 {
		t.Errorf("a command after it: %d", resp.StatusCode)
	}
	if err := s.Shutdown(t.Context()); err != nil { // so that the lines are complete
		t.Fatal(err)
	}
	for _, line := range []string{`"GET /page HTTP/1.1" 500`, `"POST /commands/live.echo HTTP/1.1" 200`} {
		if !strings.Contains(access.String(), line) {
			t.Errorf("the access log lacks %s: %s", line, &access)
		}
	}
	if !strings.Contains(logged.String(), "oh no") {
		t.Errorf("the log is %s", &logged)
	}
}

// A safeBuffer is written and read by goroutines.
type safeBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// A middleware sees every request, and streams keep the fast path behind it.
func TestServer_HasEveryRequestPassItsMiddleware(t *testing.T) {
	seen := make(chan string, 10)
	type key struct{}
	s := newTest(t, Options{Middleware: func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			seen <- r.URL.Path
			h.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), key{}, "x")))
		})
	}, Identify: func(r *http.Request) (string, error) { return "", nil }, Access: &safeBuffer{}})
	url := serveTest(t, s)
	ask(t, "GET", url+"/web/app.css", "")
	ask(t, "GET", url+"/", "")
	open := follow(t, url+"/events?topic=notes")
	open.next("hello")
	for _, want := range []string{"/web/app.css", "/", "/events"} {
		if got := within(t, want, seen); got != want {
			t.Errorf("it has seen %s, want %s", got, want)
		}
	}
	if stats := s.Streams().Stats(); stats.Fast+stats.Plain != 1 || (runtime.GOOS == "linux" && stats.Fast != 1) {
		t.Errorf("the streams are %+v", stats)
	}
}
