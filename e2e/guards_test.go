package e2e_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
)

// get requests a path with the headers given in pairs.
func (s *server) get(path string, headers ...string) (*http.Response, string) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	// Without this the client would ask for gzip and unpack it.
	client := http.Client{Transport: &http.Transport{DisableCompression: true}}
	defer client.CloseIdleConnections()
	resp, err := client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp, string(body)
}

// go-app would fetch these paths from the host that a request names, and serve the
// answer to all clients from then on.
func TestServerFetchesNothingFromTheHostOfARequest(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	var requests atomic.Int32
	foreign, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer foreign.Close()
	go http.Serve(foreign, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests.Add(1)
		io.WriteString(w, "POISON")
	}))
	version := s.version()
	for _, path := range []string{"/robots.txt", "/sitemap.xml", "/ads.txt", "/" + version + "/robots.txt", "/" + version + "/ads.txt"} {
		conn, err := net.Dial("tcp", s.addr)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", path, foreign.Addr())
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		conn.Close()
		if strings.Contains(string(body), "POISON") {
			t.Errorf("%s: served what a foreign host said", path)
		}
		if _, body := s.get(path); strings.Contains(body, "POISON") {
			t.Errorf("%s: serves everyone what a foreign host said", path)
		}
	}
	if n := requests.Load(); n > 0 {
		t.Errorf("the server visited the foreign host %d times", n)
	}
}

// version returns the page's version, as the page itself sees it.
func (s *server) version() string {
	s.t.Helper()
	_, script := s.get("/app.js")
	m := regexp.MustCompile(`"GOAPP_VERSION":\s*"([^"]+)"`).FindStringSubmatch(script)
	if m == nil {
		s.t.Fatal("app.js names no version")
	}
	return m[1]
}

// go-app's own ETag is the version, for every path: a page that has changed would stay as
// it was. A page's ETag is of its content.
func TestPageIsNotModifiedOnlyIfItIsTheSame(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	etag := `"` + s.version() + `"`
	resp, _ := s.get(lobby, "If-None-Match", etag)
	own := resp.Header.Get("ETag")
	if resp.StatusCode != 200 || own == etag {
		t.Errorf("status %d, ETag %q; want 200 and another", resp.StatusCode, own)
	}
	s.post("ann", "something new")
	if resp, body := s.get(lobby, "If-None-Match", own); resp.StatusCode != 200 || !strings.Contains(body, "something new") {
		t.Errorf("after a post: status %d, %d bytes", resp.StatusCode, len(body))
	}
	if resp, _ := s.get("/events", "If-None-Match", etag); resp.StatusCode != 400 {
		t.Errorf("/events without a topic: status %d, want 400", resp.StatusCode)
	}
	script, _ := s.get("/app.js")
	if resp, _ := s.get("/app.js", "If-None-Match", script.Header.Get("ETag")); resp.StatusCode != 304 {
		t.Errorf("/app.js, which has not changed: status %d, want 304", resp.StatusCode)
	}
}

func TestVersionFollowsTheFilesNotTheStart(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	first := s.version()
	if !regexp.MustCompile(`^[0-9a-f]{16}`).MatchString(first) {
		t.Errorf("version %q does not begin with a hash", first)
	}
	s.terminate()
	s.start()
	if again := s.version(); again != first {
		t.Errorf("version %q after a restart, %q before", again, first)
	}
}

func TestPageLoadsNothingFromAnotherSite(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	outside := regexp.MustCompile(`(?:src|href)="?(https?:)?//[^"]*`)
	for _, path := range []string{"/", "/manifest.webmanifest", "/app.js", "/app-worker.js"} {
		_, body := s.get(path)
		for _, m := range outside.FindAllString(body, -1) {
			if !strings.Contains(m, s.addr) {
				t.Errorf("%s names %s", path, m)
			}
		}
		if strings.Contains(body, "githubusercontent") {
			t.Errorf("%s names go-app's own icon", path)
		}
	}
	b := openPage(t, s)
	b.untilLive()
	requests := eval[[]string](b, `performance.getEntriesByType("resource").map(e => e.name)`)
	for _, url := range requests {
		if !strings.HasPrefix(url, s.url+"/") {
			t.Errorf("the page loaded %s", url)
		}
	}
	b.until("the service worker's cache holds the page's files",
		`(async () => { let n = 0; for (const k of await caches.keys()) n += (await (await caches.open(k)).keys()).length; return n >= 6 })()`)
}

func TestWasmIsServedPackedWithTheRightHeaders(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	_, script := s.get("/app.js")
	m := regexp.MustCompile(`/web/app\.wasm\?v=[0-9a-f]+`).FindString(script)
	if m == "" {
		t.Fatal("app.js does not name the wasm by its hash")
	}
	resp, body := s.get(m, "Accept-Encoding", "gzip, br")
	for name, want := range map[string]string{
		"Content-Encoding": "br", "Content-Type": "application/wasm", "Vary": "Accept-Encoding",
		"Content-Length": fmt.Sprint(len(body)), "Cache-Control": "public, max-age=31536000, immutable",
	} {
		if got := resp.Header.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if len(body) > 2_000_000 {
		t.Errorf("the packed wasm has %d bytes", len(body))
	}
	plain, raw := s.get(m)
	if plain.Header.Get("Content-Encoding") != "" || !strings.HasPrefix(raw, "\x00asm") {
		t.Errorf("without Accept-Encoding: %v", plain.Header)
	}
	if again, _ := s.get(m, "If-None-Match", resp.Header.Get("ETag"), "Accept-Encoding", "br"); again.StatusCode != 304 {
		t.Errorf("with its ETag: status %d", again.StatusCode)
	}
	if length := regexp.MustCompile(`goappWasmContentLength = "(\d+)"`).FindStringSubmatch(script); length == nil || length[1] != fmt.Sprint(len(raw)) {
		t.Errorf("the loader believes in a length of %v, the wasm has %d", length, len(raw))
	}
}

// The script that runs the wasm must come from the Go that built it.
func TestWasmExecIsTheToolchainsOwn(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		t.Fatal(err)
	}
	if _, got := s.get("/wasm_exec.js"); got != string(want) {
		t.Error("go-app serves another wasm_exec.js than the toolchain's: update go-app")
	}
}
