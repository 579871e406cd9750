package live

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
)

// limit is that of a request's arrival, instead of seconds.
const limit = 300 * time.Millisecond

// routes are all kinds of them, the operators' too.
var routes = []string{
	"GET /", "GET /rooms/lobby", "GET /nothing/here", "GET /web/app.css", "GET /robots.txt", "GET /app.js",
	"GET /events?topic=notes", "GET /poll?topic=notes&wait=60000", "GET /socket?topic=notes", "POST /events?topic=notes",
	"POST /commands/live.echo", "POST /commands/none", "GET /commands/live.echo", "POST /",
	"GET /metrics", "GET /healthz", "POST /readyz",
}

// A bodyRig serves a Server and its operators' pages together, over one protocol.
type bodyRig struct {
	*httptest.Server
	open, running atomic.Int64 // connections, and requests in their handlers
}

func newBodyRig(t *testing.T, h http.Handler, protocol string) *bodyRig {
	t.Helper()
	r := &bodyRig{Server: httptest.NewUnstartedServer(nil)}
	plain := &Server{opts: Options{H2C: true, Logger: slog.New(slog.DiscardHandler)}}
	r.Config = plain.newHTTP(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		r.running.Add(1)
		defer r.running.Add(-1)
		h.ServeHTTP(w, req)
	}))
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

// everything returns all that there is to serve.
func everything(t *testing.T) http.Handler {
	t.Helper()
	s := newTest(t, Options{})
	mux := http.NewServeMux()
	for _, path := range []string{"/metrics", "/healthz", "/readyz"} {
		mux.Handle(path, s.Admin())
	}
	mux.Handle("/", s.Handler())
	return mux
}

// A body that does not come is waited for no longer on one route than on
// another, and nothing is left of its request.
func TestServer_EndsARequestWhoseBodyDoesNotCome(t *testing.T) {
	h := everything(t)
	for _, protocol := range []string{"HTTP/1.1", "HTTP/1.1 with TLS", "HTTP/2", "HTTP/2 with TLS"} {
		t.Run(protocol, func(t *testing.T) {
			r := newBodyRig(t, h, protocol)
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

func TestServer_ClosesAConnectionWhoseHeadersDoNotCome(t *testing.T) {
	h := everything(t)
	for _, protocol := range []string{"HTTP/1.1", "HTTP/1.1 with TLS"} {
		r := newBodyRig(t, h, protocol)
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
func (r *bodyRig) nothingIsLeft(t *testing.T) {
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

func (r *bodyRig) dial(t *testing.T) net.Conn {
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
func (r *bodyRig) holdByHand(t *testing.T, route string, pace time.Duration) {
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
func (r *bodyRig) hold(t *testing.T, route string, pace time.Duration, plain bool) {
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
