package live

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
)

// A logged is a writer that a test reads while others write.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func TestServer_KnowsTheClientsOfATrustedProxy(t *testing.T) {
	for _, trusted := range []bool{false, true} {
		var access, errs logged
		opts := Options{Access: &access, Logger: slog.New(slog.NewTextHandler(&errs, nil))}
		if trusted {
			opts.TrustedProxies = []string{"127.0.0.1"}
		}
		s := newTest(t, opts)
		url := serveTest(t, s)
		// A page of https://www.example, as a proxy that passes on another Host has it.
		resp, body := call(t, url, "live.echo", `{}`, "X-Forwarded-For", "203.0.113.9", "X-Forwarded-Host", "www.example", "Origin", "https://www.example")
		if (resp.StatusCode == 200) != trusted {
			t.Errorf("trusted %v: a command is answered with %d %s", trusted, resp.StatusCode, body)
		}
		if warned := strings.Contains(errs.String(), "-trust-proxy"); warned == trusted {
			t.Errorf("trusted %v: the log says %q", trusted, &errs)
		}
		open := followWith(t, url+"/events?topic=notes", "X-Forwarded-For", "203.0.113.9")
		open.next("hello")
		if got := s.Streams().Stats(); got.Fast != 1 {
			t.Errorf("trusted %v: the stream is not on the fast path: %+v", trusted, got)
		}
		if err := s.Shutdown(t.Context()); err != nil { // so that the lines are there
			t.Fatal(err)
		}
		if got := access.String(); strings.HasPrefix(got, "203.0.113.9 ") != trusted || strings.HasPrefix(got, "127.0.0.1 ") == trusted {
			t.Errorf("trusted %v: the access log says %q", trusted, got)
		}
	}
	if _, err := New(eventlog.NewMemory(eventlog.Retention{}), Options{TrustedProxies: []string{"nowhere"}}); err == nil {
		t.Error("a network that is none is taken")
	}
}
