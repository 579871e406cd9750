package live

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/httpd"
	"github.com/seawaykit/seaway/shared/command"
)

var hold = command.Define[note, note]("live.hold")

// A held server has a command that is under way until it is let go, and notes the
// order in which things end.
type held struct {
	*Server
	begun, release chan struct{}
	order          chan string
}

func newHeld(t *testing.T) *held {
	h := &held{newTest(t, Options{}), make(chan struct{}), make(chan struct{}), make(chan string, 10)}
	Handle(h.Server, hold, func(ctx context.Context, n note) (note, error) {
		close(h.begun)
		<-h.release
		h.order <- "command"
		return n, ctx.Err()
	})
	h.Go(func(ctx context.Context) {
		<-ctx.Done()
		h.order <- "background"
	})
	return h
}

// heldCall calls the command, and returns its status when there is one.
func (h *held) heldCall(t *testing.T, address string) (status <-chan int) {
	t.Helper()
	got := make(chan int, 1)
	go func() {
		resp, err := http.Post(address+"/commands/live.hold", "application/json", strings.NewReader(`{}`))
		if err != nil {
			t.Error(err)
			got <- 0
			return
		}
		resp.Body.Close()
		got <- resp.StatusCode
	}()
	within(t, "the command", h.begun)
	return got
}

// The end has an order: streams, then commands, then the background goroutines.
func TestServe_EndsInOrderWithItsContext(t *testing.T) {
	h := newHeld(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- h.Serve(ctx, l) }()
	address := "http://" + l.Addr().String()
	open := follow(t, address+"/events?topic=notes")
	open.next("hello")
	status := h.heldCall(t, address)
	if err := h.ready(); err != nil {
		t.Errorf("it is not ready: %v", err)
	}

	cancel()
	open.next("bye")
	if err := open.end(); err != nil {
		t.Errorf("after its bye the stream is cut: %v", err)
	}
	if err := h.ready(); err == nil {
		t.Error("it is ready while it ends")
	}
	close(h.release)
	if got := within(t, "the command's answer", status); got != 200 {
		t.Errorf("the command that was under way is answered with %d", got)
	}
	if err := within(t, "the end", ended); err != nil {
		t.Errorf("Serve returns %v", err)
	}
	if first, then := within(t, "the first", h.order), within(t, "the second", h.order); first != "command" || then != "background" {
		t.Errorf("first %s has ended, then %s", first, then)
	}
	if conn, err := net.Dial("tcp", l.Addr().String()); err == nil {
		conn.Close()
		t.Error("connections are still accepted")
	}
}

func TestServe_ReturnsWhyTheLogHasFailed(t *testing.T) {
	log := eventlog.NewMemory(eventlog.Retention{})
	s := newTestOn(t, log, Options{})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(t.Context(), l) }()
	follow(t, "http://"+l.Addr().String()+"/events?topic=notes").next("hello")
	log.Close()
	if err := within(t, "the end", ended); !errors.Is(err, eventlog.ErrClosed) {
		t.Errorf("Serve returns %v", err)
	}
}

// In the user's own mux and server, streams get their bye and commands finish.
func TestHandler_IsShutDownInAUsersMux(t *testing.T) {
	h := newHeld(t)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /mine", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	mux.Handle("/", h.Handler())
	server := httptest.NewUnstartedServer(nil)
	server.Config = httpd.New(mux, httpd.Options{})
	server.Start()
	defer server.Close()
	if resp, _ := ask(t, "GET", server.URL+"/mine", ""); resp.StatusCode != http.StatusTeapot {
		t.Errorf("the user's own path: %d", resp.StatusCode)
	}
	open := follow(t, server.URL+"/events?topic=notes")
	open.next("hello")
	status := h.heldCall(t, server.URL)
	ended := make(chan error, 1)
	go func() { ended <- h.Shutdown(t.Context()) }()
	open.next("bye")
	if err := open.end(); err != nil {
		t.Errorf("after its bye the stream is cut: %v", err)
	}
	select {
	case err := <-ended:
		t.Fatalf("Shutdown returns %v with a command under way", err)
	default:
	}
	close(h.release)
	if got := within(t, "the command's answer", status); got != 200 {
		t.Errorf("the command that was under way is answered with %d", got)
	}
	if err := within(t, "the end", ended); err != nil {
		t.Errorf("Shutdown returns %v", err)
	}
	if first, then := within(t, "the first", h.order), within(t, "the second", h.order); first != "command" || then != "background" {
		t.Errorf("first %s has ended, then %s", first, then)
	}
}

// A Shutdown whose time is over leaves nothing running but the request.
func TestShutdown_ReportsWhatIsLeft(t *testing.T) {
	h := newHeld(t)
	address := serveTest(t, h.Server)
	status := h.heldCall(t, address)
	now, cut := context.WithCancel(t.Context())
	cut()
	if err := h.Shutdown(now); !errors.Is(err, context.Canceled) {
		t.Errorf("Shutdown returns %v", err)
	}
	if got := within(t, "the background's end", h.order); got != "background" {
		t.Errorf("%s has ended", got)
	}
	close(h.release)
	within(t, "the command's answer", status)
}

func TestShutdown_EndsAServerThatWasNotUsed(t *testing.T) {
	s := newTest(t, Options{})
	s.Go(func(context.Context) { t.Error("it runs") })
	if err := s.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	s.Go(func(context.Context) { t.Error("it runs after the end") })
	s.Handler()
}

// A function that is given after the end does not run: the server would not
// wait for it.
func TestGo_RunsNothingAfterTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newTest(t, Options{})
		s.Handler() // starts it
		ran := 0
		s.Go(func(ctx context.Context) { <-ctx.Done(); ran++ })
		if err := s.Shutdown(t.Context()); err != nil || ran != 1 {
			t.Errorf("%v, and %d have run", err, ran)
		}
		s.Go(func(context.Context) { ran++ })
		synctest.Wait()
		if ran != 1 {
			t.Error("it runs after the end")
		}
	})
}

// Run opens its ports itself, with TLS and HTTP/2, and fails at once if one is
// taken.
func TestRun_ListensWithTLS(t *testing.T) {
	var logged safeBuffer
	cert := httptest.NewUnstartedServer(nil)
	cert.StartTLS()
	defer cert.Close()
	read := make(chan string, 100)
	s := newTest(t, Options{
		Addr: "127.0.0.1:0", Admin: "127.0.0.1:0", TLS: &tls.Config{Certificates: cert.TLS.Certificates},
		Logger: slog.New(slog.NewTextHandler(lineWriter{&logged, read}, nil)),
	})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	admin := url(t, read, "listening for operators")
	address := url(t, read, "listening")
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true}
	defer transport.CloseIdleConnections()
	resp, err := (&http.Client{Transport: transport}).Get(address + "/robots.txt")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.ProtoMajor != 2 || resp.StatusCode != 200 || !strings.HasPrefix(address, "https://") {
		t.Errorf("%s: %s, %d", address, resp.Proto, resp.StatusCode)
	}
	if resp, _ := ask(t, "GET", admin+"/livez", ""); resp.StatusCode != 200 {
		t.Errorf("for operators: %d", resp.StatusCode)
	}
	taken := newTest(t, Options{Addr: strings.TrimPrefix(address, "https://")})
	if err := taken.Run(t.Context()); err == nil {
		t.Error("a port that is taken is served")
	}
	cancel()
	if err := within(t, "the end", ended); err != nil {
		t.Errorf("Run returns %v", err)
	}
}

// A lineWriter writes whole lines, and hands them on.
type lineWriter struct {
	all   *safeBuffer
	lines chan<- string
}

func (w lineWriter) Write(p []byte) (int, error) {
	w.lines <- string(p)
	return w.all.Write(p)
}
