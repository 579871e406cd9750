package sse_test

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/seawaykit/seaway/server/internal/socket"
	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/wire"
)

// The other transports carry the same frames, so they pass the same tests.
const (
	polls   path = "long polls"
	sockets path = "a WebSocket"
)

// onEachTransport runs a test on every path, and on the other transports.
func onEachTransport(t *testing.T, fn func(t *testing.T, p path)) {
	onEachPath(t, fn)
	for _, p := range []path{polls, sockets} {
		t.Run(string(p), func(t *testing.T) { fn(t, p) })
	}
}

// carry returns the handler that serves the streams on a path.
func carry(t *testing.T, streams *sse.Handler, p path) http.Handler {
	t.Helper()
	switch p {
	case polls:
		mux := http.NewServeMux()
		mux.Handle("/events", streams.Poll())
		mux.Handle("/stream", streams)
		return mux
	case sockets:
		h, err := socket.NewHandler(streams, socket.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	return streams
}

// connect begins a stream, whatever carries it.
func (r *rig) connect(query, lastEventID string) *stream {
	r.t.Helper()
	switch r.path {
	case polls:
		p := &pollster{r: r, query: query + "&wait=0", lastEventID: lastEventID}
		return &stream{t: r.t, body: bufio.NewReader(p), close: func() {}, hush: true}
	case sockets:
		conn, _, err := r.dial(query, lastEventID)
		if err != nil {
			r.t.Fatal(err)
		}
		conn.SetReadLimit(-1)
		r.t.Cleanup(func() { conn.CloseNow() })
		return &stream{t: r.t, body: bufio.NewReader(&listener{r: r, conn: conn}), close: func() { conn.CloseNow() }}
	}
	resp := r.get(query, lastEventID)
	if resp.StatusCode != 200 {
		body, _ := io.ReadAll(resp.Body)
		r.t.Fatalf("%s: status %d: %s", query, resp.StatusCode, body)
	}
	return &stream{t: r.t, resp: resp, body: bufio.NewReader(resp.Body), close: func() { resp.Body.Close() }}
}

// dial opens a socket.
func (r *rig) dial(query, lastEventID string) (*websocket.Conn, *http.Response, error) {
	r.t.Helper()
	header := http.Header{}
	if lastEventID != "" {
		header.Set("Last-Event-ID", lastEventID)
	}
	return websocket.Dial(r.t.Context(), r.server.URL+"/events?"+query, &websocket.DialOptions{
		HTTPClient: r.server.Client(), HTTPHeader: header,
	})
}

// A listener reads a socket as if it were a stream.
type listener struct {
	r    *rig
	conn *websocket.Conn
	rest []byte
}

func (l *listener) Read(p []byte) (int, error) {
	for len(l.rest) == 0 {
		kind, message, err := l.conn.Read(l.r.t.Context())
		if err != nil {
			return 0, err
		}
		if kind != websocket.MessageText || !bytes.HasSuffix(message, []byte("\n\n")) {
			l.r.t.Errorf("a message is not text of whole frames: %.100q", message)
		}
		l.rest = message
	}
	n := copy(p, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}

// A pollster reads polls as if they were one stream: after the first, each goes
// on behind the last id of the one before, and its hello is left out.
type pollster struct {
	r           *rig
	query       string
	lastEventID string
	later       bool
	rest        string
}

func (p *pollster) Read(b []byte) (int, error) {
	for p.rest == "" {
		if err := p.ask(); err != nil {
			return 0, err
		}
	}
	n := copy(b, p.rest)
	p.rest = p.rest[n:]
	return n, nil
}

func (p *pollster) ask() error {
	if strings.Contains(p.query, "over") {
		return io.EOF
	}
	resp := p.r.get(p.query, p.lastEventID)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if resp.StatusCode != 200 || int64(len(body)) != resp.ContentLength {
		p.r.t.Fatalf("%s: status %d, %d bytes of %d: %s", p.query, resp.StatusCode, len(body), resp.ContentLength, body)
	}
	p.rest = string(body)
	hello, rest, _ := strings.Cut(p.rest, "\n\n")
	if p.later && strings.Contains(hello, `"mode":"resumed"`) {
		p.rest = rest
	}
	for line := range strings.Lines(string(body)) {
		if id, ok := strings.CutPrefix(line, "id: "); ok {
			p.lastEventID = strings.TrimSpace(id)
		}
		if line == "event: bye\n" || line == "event: fault\n" {
			p.query = "over"
		}
	}
	p.later = true
	p.query = strings.Replace(p.query, "wait=0", "wait=60000", 1)
	return err
}

// ask makes a request that is going to be refused, in the transport's own way.
func (r *rig) ask(method, query string) *http.Response {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.server.URL+"/events?"+query, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	if r.path == sockets {
		req.Header = http.Header{
			"Connection": {"Upgrade"}, "Upgrade": {"websocket"},
			"Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {"AAAAAAAAAAAAAAAAAAAAAA=="},
		}
	}
	resp, err := r.server.Client().Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { resp.Body.Close() })
	return resp
}

// Whatever the transport, a reader that comes back with the last id it was
// given, after any number of events, goes on exactly there.
func TestReaderThatComesBackMissesAndRepeatsNothing(t *testing.T) {
	onEachTransport(t, func(t *testing.T, p path) {
		r := newRig(t, config{path: p})
		after, want := "", 0
		for _, n := range []int{0, 3, 1, 7} {
			s := r.stream("topic=a&after="+url.QueryEscape(after), "")
			if after == "" {
				after = s.first.id
			}
			for range n {
				r.publish("a", string(rune('a'+want)))
				f := s.next()
				expect(t, "event", f.data, string(rune('a'+want)))
				after, want = f.id, want+1
			}
			expect(t, "mode", s.hello.Mode == wire.Live, n == 0)
			s.close()
		}
	})
}
