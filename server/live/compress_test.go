package live

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// packed returns what compress makes of a handler's answer to a client that accepts
// gzip.
func packed(t *testing.T, h http.HandlerFunc) (*http.Response, string) {
	t.Helper()
	server := httptest.NewServer(compress(h))
	t.Cleanup(server.Close)
	return ask(t, "GET", server.URL, "", "Accept-Encoding", "gzip")
}

func TestCompressPassesThroughWhatIsCompressedAlready(t *testing.T) {
	resp, body := packed(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept-Encoding") != "gzip" {
			t.Error("the handler does not see what the client accepts")
		}
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Length", "6")
		io.WriteString(w, "packed")
	})
	if body != "packed" || resp.ContentLength != 6 || resp.Header.Get("Vary") != "Accept-Encoding" {
		t.Errorf("it is answered %q of %d bytes, and varies by %q", body, resp.ContentLength, resp.Header.Get("Vary"))
	}
}

func TestCompressLeavesAnswersWithoutABodyAsTheyAre(t *testing.T) {
	for _, status := range []int{http.StatusNotModified, http.StatusNoContent} {
		resp, _ := packed(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		if resp.StatusCode != status || resp.Header.Get("Content-Encoding") != "" {
			t.Errorf("%d is answered %d in %q", status, resp.StatusCode, resp.Header.Get("Content-Encoding"))
		}
	}
	resp, body := packed(t, func(http.ResponseWriter, *http.Request) {})
	if resp.StatusCode != 200 || len(body) > 0 || resp.Header.Get("Content-Encoding") != "" {
		t.Errorf("an empty answer: %d, %q in %q", resp.StatusCode, body, resp.Header.Get("Content-Encoding"))
	}
}

// What has been flushed can be unpacked before the answer ends.
func TestCompressFlushes(t *testing.T) {
	end := make(chan struct{})
	server := httptest.NewServer(compress(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "first")
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
		<-end
		io.Copy(w, strings.NewReader(" and last"))
	})))
	defer server.Close()
	resp, err := http.DefaultClient.Do(func() *http.Request {
		req, _ := http.NewRequestWithContext(t.Context(), "GET", server.URL, nil)
		req.Header.Set("Accept-Encoding", "gzip")
		return req
	}())
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	z, err := gzip.NewReader(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	first := make([]byte, 5)
	if _, err := io.ReadFull(z, first); err != nil || string(first) != "first" {
		t.Errorf("it begins with %q (%v)", first, err)
	}
	close(end)
	if rest, err := io.ReadAll(z); err != nil || string(rest) != " and last" {
		t.Errorf("it goes on with %q (%v)", rest, err)
	}
	if resp.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Errorf("its type is %q", resp.Header.Get("Content-Type"))
	}
}

// A compressor has 800 KiB: most of what a page view cost.
func BenchmarkCompress(b *testing.B) {
	page := strings.Repeat("<li>a page of the benchmark</li>", 1000)
	h := compress(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, page) }))
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
}
