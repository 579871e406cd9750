package sse_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/httpd"
	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// A rig is a server of streams over a log in memory.
type rig struct {
	t       *testing.T
	log     *eventlog.Memory
	hub     *fanout.Hub
	handler *sse.Handler
	server  *httptest.Server
	path    path
}

type config struct {
	sse       sse.Options
	hub       fanout.Options
	retention eventlog.Retention
	path      path
	wrap      func(http.Handler) http.Handler
	listen    func(net.Listener) net.Listener
	log       func(eventlog.Log) eventlog.Log // as the hub sees it
	base      context.Context                 // the server's own
	narrow    bool                            // connections hold little of what is not taken
}

// A path is a way in which a stream's bytes get to its client.
type path string

const (
	fast  path = "fast"
	plain path = "plain HTTP 1"
	http2 path = "HTTP 2"
)

// onEachPath runs a test on every path.
func onEachPath(t *testing.T, fn func(t *testing.T, p path)) {
	for _, p := range []path{fast, plain, http2} {
		t.Run(string(p), func(t *testing.T) { fn(t, p) })
	}
}

func newRig(t *testing.T, c config) *rig {
	t.Helper()
	c.sse.DisableFastPath = c.path == plain
	if c.sse.Authorize == nil {
		c.sse.Authorize = func(*http.Request, []string) (string, error) { return "", nil }
	}
	c.hub.Encode = sse.EncodeEvent
	log := eventlog.NewMemory(c.retention)
	var seen eventlog.Log = log
	if c.log != nil {
		seen = c.log(log)
	}
	hub := fanout.New(seen, c.hub)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); hub.Run(ctx) }()
	r := &rig{t: t, log: log, hub: hub, handler: sse.NewHandler(seen, hub, c.sse), path: c.path}
	h := carry(t, r.handler, c.path)
	if c.wrap != nil {
		h = c.wrap(h)
	}
	r.server = httptest.NewUnstartedServer(nil)
	r.server.Config = httpd.New(h, httpd.Options{})
	if c.base != nil {
		r.server.Config.BaseContext = func(net.Listener) context.Context { return c.base }
	}
	if c.narrow {
		r.server.Listener = narrow{r.server.Listener}
	}
	if c.listen != nil {
		r.server.Listener = c.listen(r.server.Listener)
	}
	if c.path == http2 {
		r.server.EnableHTTP2 = true
		r.server.StartTLS()
	} else {
		r.server.Start()
	}
	t.Cleanup(func() {
		r.server.CloseClientConnections()
		now, cutAll := context.WithCancel(context.Background())
		cutAll()
		r.handler.Shutdown(now)
		r.server.Close()
		cancel()
		<-ended
	})
	return r
}

// narrow connections hold little of what their client does not take.
type narrow struct{ net.Listener }

func (l narrow) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err == nil {
		err = conn.(*net.TCPConn).SetWriteBuffer(4 << 10)
	}
	return conn, err
}

func (r *rig) publish(topic, data string) event.ID {
	r.t.Helper()
	id, err := r.log.Append(r.t.Context(), event.Draft{Topic: topic, Type: "test.event", Data: []byte(data)})
	if err != nil {
		r.t.Fatal(err)
	}
	return id
}

// publishSync also waits until the hub has the event.
func (r *rig) publishSync(topic, data string) event.ID {
	r.t.Helper()
	probe := r.stream("topic=probe", "")
	id := r.publish(topic, data)
	r.publish("probe", "")
	probe.next()
	probe.close()
	return id
}

// A stream is one client's connection.
type stream struct {
	t     *testing.T
	resp  *http.Response // nil on the other transports
	body  *bufio.Reader
	close func()
	hello wire.Hello
	first frame
	hush  bool // heartbeats are of no interest
}

// A frame is one Server-Sent Event.
type frame struct{ id, topic, name, data, retry string }

func (r *rig) get(query, lastEventID string) *http.Response {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, r.server.URL+"/events?"+query, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	if lastEventID != "" {
		req.Header.Set("Last-Event-ID", lastEventID)
	}
	resp, err := r.server.Client().Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { resp.Body.Close() })
	return resp
}

// stream connects and reads the hello.
func (r *rig) stream(query, lastEventID string) *stream {
	r.t.Helper()
	s := r.connect(query, lastEventID)
	if s.first = s.next(); s.first.name == wire.HelloName {
		if err := json.Unmarshal([]byte(s.first.data), &s.hello); err != nil {
			r.t.Fatal(err)
		}
	}
	return s
}

// next reads a frame; its name is "END" if there is none.
func (s *stream) next() frame {
	s.t.Helper()
	var f frame
	for lines := 0; ; lines++ {
		line, err := s.body.ReadString('\n')
		if err != nil {
			return frame{name: "END", data: err.Error()}
		}
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch name {
		case "":
			if s.hush && f.name == wire.HeartbeatName {
				f = frame{}
				continue
			}
			return f
		case "id":
			f.id, f.topic, _ = strings.Cut(value, " ")
			f.topic, _, _ = strings.Cut(f.topic, " ") // its time is the log's
		case "event":
			f.name = value
		case "retry":
			f.retry = value
		case "data":
			f.data += value
		default:
			s.t.Fatalf("unknown field in %q", line)
		}
	}
}

// read reads n frames and returns them in words.
func (s *stream) read(n int) string {
	s.t.Helper()
	all := make([]string, n)
	for i := range all {
		f := s.next()
		if all[i] = f.data; f.name != "test.event" {
			all[i] = f.name
		}
	}
	return strings.Join(all, " ")
}

func expect[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
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
