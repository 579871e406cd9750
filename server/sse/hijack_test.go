package sse_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/handlers"

	"github.com/seawaykit/seaway/server/sse"
)

func TestFastPathWorksThroughGorillasHandlers(t *testing.T) {
	logged := make(chan string, 1)
	r := newRig(t, config{wrap: func(h http.Handler) http.Handler {
		h = handlers.CORS(handlers.AllowedOrigins([]string{"https://a.example", "https://b.example"}))(h)
		h = handlers.RecoveryHandler(handlers.RecoveryLogger(nil))(h)
		return handlers.CombinedLoggingHandler(writerFunc(func(p []byte) { logged <- string(p) }), h)
	}})
	req, err := http.NewRequestWithContext(t.Context(), "GET", r.server.URL+"/events?topic=a", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Origin", "https://a.example")
	resp, err := r.server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	// The request is logged while the stream is open: it has begun, not ended.
	if line := <-logged; !strings.Contains(line, `"GET /events?topic=a HTTP/1.1" 200`) {
		t.Errorf("the access log says %q", line)
	}
	expect(t, "on the fast path", r.handler.Stats().Fast, 1)
	expect(t, "a middleware's header", resp.Header.Get("Access-Control-Allow-Origin"), "https://a.example")
	expect(t, "and another", resp.Header.Get("Vary"), "Origin")
	if _, err := http.ParseTime(resp.Header.Get("Date")); err != nil {
		t.Error(err)
	}
	s := &stream{t: t, resp: resp, body: bufio.NewReader(resp.Body)}
	expect(t, "frame", s.next().name, "hello")
	r.publish("a", "1")
	expect(t, "event", s.read(1), "1")
}

type writerFunc func(p []byte)

func (f writerFunc) Write(p []byte) (int, error) {
	f(p)
	return len(p), nil
}

// promiser offers to be hijacked and cannot, as some middlewares' writers do.
type promiser struct{ http.ResponseWriter }

func (p promiser) Unwrap() http.ResponseWriter { return p.ResponseWriter }

func (promiser) Hijack() (net.Conn, *bufio.ReadWriter, error) { return nil, nil, errors.ErrUnsupported }

// unwrapper can be unwrapped, and may want to see what is written.
type unwrapper struct{ http.ResponseWriter }

func (u unwrapper) Unwrap() http.ResponseWriter { return u.ResponseWriter }

func TestResponseThatCannotBeHijackedStaysOnNetHTTP(t *testing.T) {
	for name, wrap := range map[string]func(http.ResponseWriter) http.ResponseWriter{
		"offers it in vain": func(w http.ResponseWriter) http.ResponseWriter { return promiser{w} },
		"does not offer it": func(w http.ResponseWriter) http.ResponseWriter { return unwrapper{w} },
		"is encoded": func(w http.ResponseWriter) http.ResponseWriter {
			w.Header().Set("Content-Encoding", "identity")
			return w
		},
	} {
		r := newRig(t, config{wrap: func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(wrap(w), r) })
		}})
		s := r.stream("topic=a", "")
		r.publish("a", "1")
		expect(t, name+": event", s.read(1), "1")
		expect(t, name+": on net/http", r.handler.Stats().Plain, 1)
	}
}

// A wrapped listener's connections may do more than write, TLS for one.
type wrapped struct{ net.Listener }

func (w wrapped) Accept() (net.Conn, error) {
	conn, err := w.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return shouting{conn.(*net.TCPConn)}, nil
}

type shouting struct{ *net.TCPConn }

func (s shouting) Write(p []byte) (int, error) {
	return s.TCPConn.Write(bytes.ReplaceAll(p, []byte("quiet"), []byte("LOUD!")))
}

func TestConnectionOfAWrappedListenerIsWrittenThroughIt(t *testing.T) {
	returned := make(chan struct{}, 2)
	r := newRig(t, config{
		wrap: func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(w, r); returned <- struct{}{} })
		},
		sse:    sse.Options{Heartbeat: time.Hour}, // or a heartbeat would notice
		listen: func(l net.Listener) net.Listener { return wrapped{l} },
	})
	s := r.stream("topic=a", "")
	select { // or net/http keeps its buffers
	case <-returned:
	case <-time.After(time.Minute):
		t.Error("the handler has not returned")
	}
	r.publish("a", "quiet")
	expect(t, "event", s.read(1), "LOUD!")
	s.close()
	r.handler.Wait() // until the stream has noticed

	s = r.stream("topic=a", "")
	if err := r.handler.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	expect(t, "at the end", s.next().name, "bye")
	expect(t, "then", s.next().name, "END")
}

// dial sends a request by hand and returns the response's head and the rest.
func dial(t *testing.T, r *rig, request string) (head string, body *bufio.Reader, conn *net.TCPConn) {
	t.Helper()
	c, err := net.Dial("tcp", r.server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if _, err := io.WriteString(c, request); err != nil {
		t.Fatal(err)
	}
	body = bufio.NewReader(c)
	for !strings.HasSuffix(head, "\r\n\r\n") {
		line, err := body.ReadString('\n')
		if err != nil {
			t.Fatalf("after %q: %v", head, err)
		}
		head += line
	}
	return head, body, c.(*net.TCPConn)
}

func TestOldAndTalkativeClientsGetTheirStreams(t *testing.T) {
	for _, request := range []string{
		"GET /events?topic=a HTTP/1.0\r\n\r\n", // as nginx requests by default
		"GET /events?topic=a HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
	} {
		r := newRig(t, config{})
		head, body, conn := dial(t, r, request)
		chunked := strings.Contains(request, "HTTP/1.1")
		if !strings.HasPrefix(head, "HTTP/1.1 200 OK\r\n") || strings.Contains(head, "\r\nConnection: close\r\n") == chunked ||
			strings.Contains(head, "Transfer-Encoding: chunked\r\n") != chunked || strings.Contains(head, "Content-Length") {
			t.Errorf("head %q", head)
		}
		expect(t, "on the fast path", r.handler.Stats().Fast, 1)
		if chunked {
			body = bufio.NewReader(&chunks{body: body})
		}
		if line, _ := body.ReadString('\n'); !strings.HasPrefix(line, "retry: ") {
			t.Errorf("the body begins with %q", line)
		}
		conn.CloseWrite() // net/http takes that for the end as well
		r.handler.Wait()
		expect(t, "open", r.handler.Stats().Fast, 0)
	}
}
