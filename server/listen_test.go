package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/eventlog/eventlogtest"
	"github.com/seawaykit/seaway/server/sample/site"
)

func TestMain(m *testing.M) { eventlogtest.Main(m) }

// limit is that of a request's arrival, instead of seconds.
const limit = 300 * time.Millisecond

// routes are all kinds of them, the operators' too.
var routes = []string{
	"GET /", "GET /rooms/lobby", "GET /nothing/here", "GET /web/app.css", "GET /robots.txt", "GET /app.js",
	"GET /events?topic=room.lobby", "GET /poll?topic=room.lobby&wait=60000", "GET /socket?topic=room.lobby", "POST /events?topic=room.lobby",
	"POST /commands/chat.post", "POST /commands/none", "GET /commands/chat.post", "POST /",
	"GET /metrics", "GET /healthz", "POST /readyz",
}

// A rig serves the site and the operators' pages together, over one protocol.
type rig struct {
	*httptest.Server
	open, running atomic.Int64 // connections, and requests in their handlers
}

func newRig(t *testing.T, h http.Handler, protocol string) *rig {
	t.Helper()
	r := &rig{Server: httptest.NewUnstartedServer(nil)}
	r.Config = newServer(config{h2c: true}, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		r.running.Add(1)
		defer r.running.Add(-1)
		h.ServeHTTP(w, req)
	}), slog.New(slog.DiscardHandler))
	r.Config.ReadTimeout, r.Config.ReadHeaderTimeout = limit, limit
	r.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			r.open.Add(1)
		case http.StateClosed, http.StateHijacked:
			r.open.Add(-1)
		}
	}
	if r.EnableHTTP2 = strings.HasSuffix(protocol, "2 with TLS"); strings.HasSuffix(protocol, "TLS") {
		r.StartTLS()
	} else {
		r.Start()
	}
	t.Cleanup(r.Close)
	return r
}

// newSite returns all that there is to serve.
func newSite(t *testing.T) http.Handler {
	t.Helper()
	s, err := site.New(site.Options{Log: eventlog.NewMemory(eventlog.Retention{}), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { s.Run(ctx) })
	t.Cleanup(func() {
		s.Shutdown(ctx)
		stop()
		running.Wait()
	})
	mux := http.NewServeMux()
	for _, path := range []string{"/metrics", "/healthz", "/readyz"} {
		mux.Handle(path, s.Admin())
	}
	mux.Handle("/", s.Handler())
	return mux
}

// A body that does not come is waited for no longer on one route than on
// another, and nothing is left of its request.
func TestBodyThatDoesNotComeEndsItsRequest(t *testing.T) {
	h := newSite(t)
	for _, protocol := range []string{"HTTP/1.1", "HTTP/1.1 with TLS", "HTTP/2", "HTTP/2 with TLS"} {
		t.Run(protocol, func(t *testing.T) {
			r := newRig(t, h, protocol)
			var asking sync.WaitGroup
			for _, route := range routes {
				for _, pace := range []time.Duration{0, limit / 20} {
					asking.Go(func() {
						if strings.HasPrefix(protocol, "HTTP/1.1") {
							r.holdByHand(t, route, pace)
						} else {
							r.hold(t, route, pace, protocol == "HTTP/2")
						}
					})
				}
			}
			asking.Wait()
			r.nothingIsLeft(t)
		})
	}
}

func TestHeadersThatDoNotComeEndTheirConnection(t *testing.T) {
	h := newSite(t)
	for _, protocol := range []string{"HTTP/1.1", "HTTP/1.1 with TLS"} {
		r := newRig(t, h, protocol)
		var asking sync.WaitGroup
		for _, begin := range []string{"", "G", "GET / HTTP/1.1\r\nHost: x\r\nX-", "PRI * HTTP/2.0\r\n"} {
			for _, pace := range []time.Duration{0, limit / 20} {
				asking.Go(func() { drip(t, r.dial(t), begin, pace) })
			}
		}
		asking.Wait()
		r.nothingIsLeft(t)
	}
}

// nothingIsLeft also holds for what a client keeps open for the next request.
func (r *rig) nothingIsLeft(t *testing.T) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(30 * time.Second); r.open.Load() > 0 || r.running.Load() > 0; {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%d connections and %d requests are left", r.open.Load(), r.running.Load())
		}
	}
}

func (r *rig) dial(t *testing.T) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", r.Listener.Addr().String())
	if err != nil {
		t.Error(err)
		return nil
	}
	if r.TLS != nil {
		return tls.Client(conn, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"http/1.1"}})
	}
	return conn
}

// holdByHand announces a body of which it sends one byte, or a byte now and then.
func (r *rig) holdByHand(t *testing.T, route string, pace time.Duration) {
	drip(t, r.dial(t), route+" HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n{", pace)
}

// drip goes on to send bytes, if it has a pace, until the server closes the
// connection.
func drip(t *testing.T, conn net.Conn, begin string, pace time.Duration) {
	if conn == nil {
		return
	}
	defer conn.Close()
	// On a busy machine it may be closed before that: the deadline is short here.
	if _, err := io.WriteString(conn, begin); err != nil {
		return
	}
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		io.Copy(io.Discard, bufio.NewReader(conn))
	}()
	var tick <-chan time.Time
	if pace > 0 {
		ticker := time.NewTicker(pace)
		defer ticker.Stop()
		tick = ticker.C
	}
	for deadline := time.After(30 * time.Second); ; {
		select {
		case <-tick:
			io.WriteString(conn, "x") // when it fails, the other side is about to be read
		case <-closed:
			return
		case <-deadline:
			t.Errorf("%.40q is held for 30 s", begin)
			return
		}
	}
}

// hold does the same over HTTP/2, where the connection goes on.
func (r *rig) hold(t *testing.T, route string, pace time.Duration, plain bool) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	method, path, _ := strings.Cut(route, " ")
	body, rest := io.Pipe()
	defer rest.Close()
	req, err := http.NewRequestWithContext(ctx, method, r.URL+path, body)
	if err != nil {
		t.Error(err)
		return
	}
	req.Header.Set("Content-Type", "application/json")
	var protocols http.Protocols
	protocols.SetHTTP2(!plain)
	protocols.SetUnencryptedHTTP2(plain)
	transport := &http.Transport{Protocols: &protocols, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	defer transport.CloseIdleConnections()
	go func() {
		for _, err := io.WriteString(rest, "{"); err == nil && pace > 0; _, err = io.WriteString(rest, " ") {
			select {
			case <-ctx.Done():
			case <-time.After(pace):
			}
		}
	}()
	resp, err := transport.RoundTrip(req)
	if err == nil {
		_, _ = io.Copy(io.Discard, resp.Body) // until it ends, however it does
		resp.Body.Close()
	}
	if ctx.Err() != nil {
		t.Errorf("%s is held for 30 s", route)
	}
}
