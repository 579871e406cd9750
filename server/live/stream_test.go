package live

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/httpd"
)

// timeout is for what must happen, on however busy a machine.
const timeout = 2 * time.Minute

// serveTest serves s on a port of its own, in an http.Server of package httpd.
func serveTest(t *testing.T, s *Server) (url string) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	server.Config = httpd.New(s.Handler(), httpd.Options{})
	server.Start()
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return server.URL
}

// ask makes a request and returns its answer, read to the end.
func ask(t *testing.T, method, url, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := (&http.Transport{DisableCompression: true, DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(text)
}

// call sends a command.
func call(t *testing.T, url, name, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	return ask(t, http.MethodPost, url+"/commands/"+name, body, append(headers, "Content-Type", "application/json")...)
}

// A stream is an open one.
type stream struct {
	t     *testing.T
	lines *bufio.Scanner
}

func follow(t *testing.T, url string) *stream {
	t.Helper()
	return followAs(t, url, "")
}

// followAs has a user, as identifyByHeader takes it.
func followAs(t *testing.T, url, user string) *stream {
	t.Helper()
	return followWith(t, url, "X-User", user)
}

// followWith has headers.
func followWith(t *testing.T, url string, headers ...string) *stream {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	transport := &http.Transport{DisableKeepAlives: true}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("the stream is answered with %d", resp.StatusCode)
	}
	return &stream{t, bufio.NewScanner(resp.Body)}
}

// next returns the data of the next frame of a name, and skips others.
func (s *stream) next(name string) (data string) {
	s.t.Helper()
	named := false
	for s.lines.Scan() {
		if n, ok := strings.CutPrefix(s.lines.Text(), "event: "); ok {
			named = n == name
		}
		if data, ok := strings.CutPrefix(s.lines.Text(), "data: "); ok && named {
			return data
		}
	}
	s.t.Fatalf("the stream has ended without a frame %q: %v", name, s.lines.Err())
	return ""
}

// end reads what is left, and reports whether the stream has ended properly.
func (s *stream) end() error {
	for s.lines.Scan() {
	}
	return s.lines.Err()
}

// within fails if a channel has nothing for long.
func within[T any](t *testing.T, what string, c <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(timeout):
		t.Fatalf("waited %v for %s", timeout, what)
	}
	return v
}
