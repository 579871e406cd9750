package socket_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/socket"
	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/event"
)

// That sockets bring what a stream brings is tested in package sse. Here is what
// is their own.

// A rig is a server of sockets over a log in memory.
type rig struct {
	t       *testing.T
	log     *eventlog.Memory
	streams *sse.Handler
	server  *httptest.Server
}

func newRig(t *testing.T, streams sse.Options, opts socket.Options) *rig {
	t.Helper()
	streams.Authorize = func(*http.Request, []string) (string, error) { return "", nil }
	log := eventlog.NewMemory(eventlog.Retention{})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	r := &rig{t: t, log: log, streams: sse.New(log, streams)}
	go func() { defer close(ended); r.streams.Run(ctx) }()
	h, err := socket.NewHandler(r.streams, opts)
	if err != nil {
		t.Fatal(err)
	}
	r.server = httptest.NewUnstartedServer(h)
	r.server.Listener = narrow{r.server.Listener}
	r.server.Start()
	t.Cleanup(func() {
		now, cutAll := context.WithCancel(context.Background())
		cutAll()
		r.streams.Shutdown(now)
		r.streams.Shutdown(context.Background()) // what was cut has ended
		r.server.Close()
		cancel()
		<-ended
	})
	return r
}

// narrow connections hold little of what their reader does not take.
type narrow struct{ net.Listener }

func (l narrow) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err == nil {
		err = conn.(*net.TCPConn).SetWriteBuffer(16 << 10)
	}
	return conn, err
}

func (r *rig) publish(data string) event.ID {
	r.t.Helper()
	id, err := r.log.Append(r.t.Context(), event.Draft{Topic: "a", Type: "test.event", Data: []byte(data)})
	if err != nil {
		r.t.Fatal(err)
	}
	return id
}

// A page is a client's end of a socket.
type page struct {
	t     *testing.T
	conn  *websocket.Conn
	queue []string // frames of the last message
}

// open opens a socket, with a header if it is given by name and value.
func (r *rig) open(header ...string) *page {
	r.t.Helper()
	p, _, err := r.dial(header...)
	if err != nil {
		r.t.Fatal(err)
	}
	return p
}

func (r *rig) dial(header ...string) (*page, *http.Response, error) {
	h := http.Header{}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	conn, resp, err := websocket.Dial(r.t.Context(), r.server.URL+"/socket?topic=a", &websocket.DialOptions{HTTPHeader: h})
	if err != nil {
		return nil, resp, err
	}
	r.t.Cleanup(func() { conn.CloseNow() })
	conn.SetReadLimit(-1)
	return &page{t: r.t, conn: conn}, resp, nil
}

// next returns the name and data of the next frame; the name is END and the data
// the close code if there is none.
func (p *page) next() (name, data string) {
	p.t.Helper()
	if len(p.queue) == 0 {
		_, message, err := p.conn.Read(p.t.Context())
		if err != nil {
			return "END", number(int(websocket.CloseStatus(err)))
		}
		p.queue = strings.Split(strings.TrimSuffix(string(message), "\n\n"), "\n\n")
	}
	frame := p.queue[0]
	p.queue = p.queue[1:]
	_, rest, _ := strings.Cut(frame, "event: ")
	name, data, _ = strings.Cut(rest, "\ndata: ")
	return name, data
}

// expect reads frames and compares them, given as name and data in one.
func (p *page) expect(want ...string) {
	p.t.Helper()
	for _, want := range want {
		name, data := p.next()
		if got := name + " " + data; !strings.HasPrefix(got, want) {
			p.t.Fatalf("got %.200q, want %q", got, want)
		}
	}
}

func (p *page) send(message string) {
	p.t.Helper()
	if err := p.conn.Write(p.t.Context(), websocket.MessageText, []byte(message)); err != nil {
		p.t.Fatal(err)
	}
}

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
