package e2e_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
)

// The binary contains the page that make has built, normally with the trimmed
// go-app. This test does the essential with an untrimmed page: it starts, goes
// live and posts.
func TestBuildWithGoAppAsItIsWorks(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	s.post("ann", "before")
	front, fetched := withPage(t, s, buildUntrimmed(t))
	b := openTab(t)
	b.navigate(front)
	b.untilLive()
	s.post("ann", "meanwhile")
	b.untilShows("meanwhile")
	b.write("bob", "from the page")
	b.untilShows("from the page")
	if got, want := b.texts(), []string{"before", "meanwhile", "from the page"}; !slices.Equal(got, want) {
		t.Errorf("the page shows %q, want %q", got, want)
	}
	if bad := b.complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
	if fetched.Load() == 0 {
		t.Error("the browser did not fetch the other page")
	}
}

// buildUntrimmed builds the page as make TRIM=0 does, and does not pack it.
func buildUntrimmed(t *testing.T) (wasm string) {
	t.Helper()
	wasm = filepath.Join(t.TempDir(), "app.wasm")
	cmd := exec.Command("go", "build", "-buildvcs=false", "-ldflags", "-s -w", "-o", wasm, "../app")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return wasm
}

// withPage puts another page in front of a server, and counts how often it is
// fetched.
func withPage(t *testing.T, s *server, wasm string) (front string, fetched *atomic.Int32) {
	t.Helper()
	behind, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(behind) }}
	fetched = new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/web/app.wasm" {
			fetched.Add(1)
			http.ServeFile(w, r, wasm)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		server.CloseClientConnections() // the tab's stream would hold Close up
		server.Close()
	})
	return server.URL + lobby, fetched
}
