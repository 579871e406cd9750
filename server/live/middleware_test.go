package live

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func newMiddleware(t *testing.T, h http.HandlerFunc) (server *httptest.Server, logged, access *bytes.Buffer) {
	t.Helper()
	logged, access = &bytes.Buffer{}, &bytes.Buffer{}
	s := &Server{opts: Options{Logger: slog.New(slog.NewTextHandler(logged, nil)), Access: access}}
	server = httptest.NewUnstartedServer(s.middleware(h))
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)
	server.Start()
	t.Cleanup(server.Close)
	return server, logged, access
}

func TestPanicIsAnsweredWith500AndLogged(t *testing.T) {
	server, logged, access := newMiddleware(t, func(http.ResponseWriter, *http.Request) { panic("oh no") })
	resp, err := http.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	server.Close() // so that the logs are complete
	if resp.StatusCode != 500 {
		t.Errorf("status %d", resp.StatusCode)
	}
	if !strings.Contains(logged.String(), "oh no") || !strings.Contains(logged.String(), "middleware_test.go") {
		t.Errorf("the log lacks the panic or where it came from: %s", logged)
	}
	if !strings.Contains(access.String(), `"GET / HTTP/1.1" 500`) {
		t.Errorf("the access log says %q", access)
	}
}

// A handler that aborts has sent a part that must not be taken for the whole.
func TestAbortCutsTheResponseShort(t *testing.T) {
	server, logged, _ := newMiddleware(t, func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "half")
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	})
	resp, err := http.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, err := io.ReadAll(resp.Body); err == nil {
		t.Errorf("read %q to what looks like its end", body)
	}
	server.Close()
	if logged.Len() > 0 {
		t.Errorf("an abort is no error, but the log says %s", logged)
	}
}
