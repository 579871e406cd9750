package transports_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/httpd"
	"github.com/seawaykit/seaway/server/internal/socket"
	"github.com/seawaykit/seaway/server/sample/transports"
	"github.com/seawaykit/seaway/server/sse"
	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

const token = "0123456789abcdef"

// A rig is a server of all transports, over a log in memory and real
// connections.
type rig struct {
	t       *testing.T
	log     *eventlog.Memory
	streams *sse.Handler
	meter   *transports.Meter
	server  *httptest.Server
	early   chan struct{} // ends the handler of /early
}

func newRig(t *testing.T) *rig {
	t.Helper()
	log := eventlog.NewMemory(eventlog.Retention{})
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	r := &rig{t: t, log: log, early: make(chan struct{}), meter: transports.New(transports.Options{Log: log})}
	r.streams = sse.New(log, sse.Options{Authorize: func(*http.Request, []string) (string, error) { return "", nil }})
	running.Go(func() { r.streams.Run(ctx) })
	sockets, err := socket.NewHandler(r.streams, socket.Options{})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/poll", r.streams.Poll())
	mux.Handle("/events", r.streams)
	mux.Handle("/socket", sockets)
	mux.HandleFunc("/other", func(w http.ResponseWriter, req *http.Request) {
		io.Copy(io.Discard, req.Body)
		io.WriteString(w, strings.Repeat("other ", 100))
	})
	mux.HandleFunc("/early", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "4")
		io.WriteString(w, "done")
		http.NewResponseController(w).Flush()
		<-r.early
	})
	r.server = httptest.NewUnstartedServer(nil)
	r.server.Config = httpd.New(r.meter.Track(mux), httpd.Options{})
	known := r.server.Config.ConnContext
	r.server.Config.ConnContext = func(ctx context.Context, conn net.Conn) context.Context {
		return transports.ConnContext(known(ctx, conn), conn)
	}
	r.server.Start()
	t.Cleanup(func() {
		r.server.CloseClientConnections()
		now, cutAll := context.WithCancel(context.Background())
		cutAll()
		r.streams.Shutdown(now)
		r.server.Close()
		cancel()
		running.Wait()
	})
	return r
}

func (r *rig) run() {
	ctx, cancel := context.WithCancel(r.t.Context())
	var running sync.WaitGroup
	running.Go(func() { r.meter.Run(ctx) })
	r.t.Cleanup(func() { cancel(); running.Wait() })
}

func (r *rig) counts() map[contract.Kind]contract.Usage {
	counts, err := r.meter.Counts(r.t.Context(), contract.Page{Token: token})
	if err != nil {
		r.t.Fatal(err)
	}
	return counts.Transports
}

// untilCounted waits until the server's counts of a transport are the client's
// own.
func (r *rig) untilCounted(kind contract.Kind, in, out func() int64) {
	r.t.Helper()
	until(r.t, "the server has counted what the client has", func() bool {
		c := r.counts()[kind]
		if c.BytesKnown && c.In == in() && c.Out == out() {
			return true
		}
		r.t.Logf("%s: server %+v, client %d up, %d down", kind, c, in(), out())
		return false
	})
}

// A client speaks HTTP/1.1 by hand on one connection, and counts.
type client struct {
	t        *testing.T
	conn     net.Conn
	read     *bufio.Reader
	up, down atomic.Int64
}

func (r *rig) dial() *client {
	r.t.Helper()
	conn, err := net.Dial("tcp", r.server.Listener.Addr().String())
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { conn.Close() })
	c := &client{t: r.t, conn: conn}
	c.read = bufio.NewReader(c)
	return c
}

// Read implements io.Reader.
func (c *client) Read(p []byte) (int, error) {
	n, err := c.conn.Read(p)
	c.down.Add(int64(n))
	return n, err
}

func (c *client) send(request string) {
	c.t.Helper()
	n, err := io.WriteString(c.conn, strings.ReplaceAll(request, "\n", "\r\n"))
	c.up.Add(int64(n))
	if err != nil {
		c.t.Fatal(err)
	}
}

// ask makes a request and reads its whole answer, and returns what that took.
func (c *client) ask(request string) (up, down int64) {
	c.t.Helper()
	up, down = c.up.Load(), c.down.Load()
	c.send(request)
	resp, err := http.ReadResponse(c.read, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != 200 {
		c.t.Fatalf("status %d, %v", resp.StatusCode, err)
	}
	return c.up.Load() - up, c.down.Load() - down
}

// follow reads to the end, and returns how it ended.
func (c *client) follow() (ended <-chan error) {
	end := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, c)
		end <- err
	}()
	return end
}

// get returns a request of a transport.
func get(path string, kind contract.Kind, more string) string {
	return "GET " + path + "?topic=compare&lane=" + contract.TransportID(token, kind) + more + " HTTP/1.1\nHost: x\n"
}

const upgrade = "Connection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n\n"

// until polls what nothing can be waited for.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	deadline := time.After(2 * time.Minute)
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited 2 min until %s", what)
		}
	}
}
