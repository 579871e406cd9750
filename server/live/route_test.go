package live

import (
	"io"
	"net/http"
	"testing"
	"time"
)

// A program's own stream is served as it is, and ends when the server does.
func TestServer_RoutesAStreamOfTheProgram(t *testing.T) {
	s := newTest(t, Options{Identify: func(*http.Request) (string, error) { return "ann", nil }})
	s.Route("/ticker", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, Identity(r.Context()))
		_ = http.NewResponseController(w).Flush()
		<-s.Draining()
	}))
	url := serveTest(t, s)
	req, _ := http.NewRequestWithContext(t.Context(), "GET", url+"/ticker", nil)
	req.Header.Set("Accept-Encoding", "gzip")
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if begin, _ := io.ReadAll(io.LimitReader(resp.Body, 3)); string(begin) != "ann" {
		t.Errorf("it begins with %q, %v", begin, resp.Header)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Shutdown(t.Context()) }()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(2 * time.Minute):
		t.Fatal("the server waits for the stream")
	}
	if rest, err := io.ReadAll(resp.Body); err != nil || len(rest) > 0 {
		t.Errorf("after it: %q, %v", rest, err)
	}
}
