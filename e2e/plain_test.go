package e2e_test

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// A plainServer is the program of a project without wasm, behind a proxy that
// answers for it while it is away, with a status that makes browsers give up.
type plainServer struct {
	t           *testing.T
	binary, dir string
	behind, url string // of the server, and of the proxy
	cmd         *exec.Cmd
	logs        safeBuffer

	mu       sync.Mutex
	reopened map[string]bool // by User-Agent: the page has made a new EventSource
}

func startPlain(t *testing.T, binary, dir string) *plainServer {
	t.Helper()
	addr := freeAddr(t)
	s := &plainServer{t: t, binary: binary, dir: dir, behind: "http://" + addr, reopened: map[string]bool{}}
	to, err := url.Parse(s.behind)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Host = r.In.Host
			s.note(r.In)
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
		ErrorLog:     log.New(io.Discard, "", 0),
	}
	front := httptest.NewServer(proxy)
	s.url = front.URL
	t.Cleanup(func() {
		s.kill()
		front.CloseClientConnections()
		front.Close()
		if t.Failed() {
			t.Logf("the server's log:\n%s", s.logs.String())
		}
	})
	s.start()
	return s
}

// note notes that a page has made a new EventSource: the browser's own attempts
// have the position in a header.
func (s *plainServer) note(r *http.Request) {
	if r.URL.Path == "/events" && r.URL.Query().Has("after") {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.reopened[r.UserAgent()] = true
	}
}

func (s *plainServer) pagesThatReopened() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.reopened)
}

func (s *plainServer) start() {
	s.t.Helper()
	s.cmd = exec.Command(s.binary, "-addr", strings.TrimPrefix(s.behind, "http://"))
	s.cmd.Dir, s.cmd.Stderr = s.dir, &s.logs
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	until(s.t, "the server answers", func() bool {
		resp, err := http.Get(s.behind + "/")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
}

func (s *plainServer) kill() {
	if s.cmd != nil {
		s.cmd.Process.Kill()
		s.cmd.Wait()
	}
	s.cmd = nil
}

func (s *plainServer) post(text string) {
	s.t.Helper()
	resp, err := http.PostForm(s.url+"/say", url.Values{"text": {text}})
	if err != nil {
		s.t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		s.t.Fatalf("%q was answered with %s", text, resp.Status)
	}
}

// shown is a JavaScript expression: the page shows these lines and no others.
func shown(lines ...string) string {
	return `[...document.querySelectorAll("#lines li")].map(e => e.textContent).join("|") === ` + quoted(strings.Join(lines, "|"))
}

func TestPlainProjectFromAModuleProxyCatchesUpAfterAKill(t *testing.T) {
	t.Parallel()
	e := goElsewhere(t)
	dir := e.makeNew("-plain", "example.org/somebody/said")
	source, err := os.ReadFile(filepath.Join(dir, "main.go"))
	if n := strings.Count(string(source), "\n"); err != nil || n > 45 {
		t.Errorf("%v, main.go has %d lines, at most 45 are promised", err, n)
	}
	e.run(dir, "go", "vet", "./...")
	e.run(dir, "go", "test", "./...")
	binary := filepath.Join(t.TempDir(), "said")
	e.run(dir, "go", "build", "-o", binary, ".")

	const started = "The server has started."
	s := startPlain(t, binary, t.TempDir())
	chromium, fox := openTab(t), openFirefox(t)
	chromium.navigate(s.url + "/")
	fox.navigate(s.url + "/")
	both := func(what, expr string) {
		t.Helper()
		chromium.until("Chromium: "+what, expr)
		fox.until("Firefox: "+what, expr)
	}
	both("the page shows that the server has started", shown(started))
	s.post("from a <b>program</b>")
	both("the page shows what a program has said", shown(started, "from a <b>program</b>"))
	chromium.typeInPlain("from a page")
	both("the page shows what a page has said", shown(started, "from a <b>program</b>", "from a page"))
	chromium.screenshot("plain")
	fox.screenshot("plain-firefox")

	s.kill()
	both("the page says that it is cut off", `document.querySelector("#status").textContent === "connecting"`)
	until(t, "both pages have begun anew, since the browser had given up", func() bool { return s.pagesThatReopened() == 2 })
	s.start()
	s.post("after the restart")
	all := []string{started, "from a <b>program</b>", "from a page", started, "after the restart"}
	both("the page has caught up, each line once", shown(all...))

	// After the log was lost the page must drop what it shows.
	s.kill()
	if err := os.RemoveAll(filepath.Join(s.dir, "data")); err != nil {
		t.Fatal(err)
	}
	s.start()
	both("the page begins anew", shown(started))
}

// typeInPlain says something in the page.
func (b *tab) typeInPlain(text string) {
	b.t.Helper()
	eval[bool](b, `(() => {
		const form = document.querySelector("form");
		form.elements.text.value = `+quoted(text)+`;
		form.requestSubmit();
		return true;
	})()`)
	b.until("the field is empty", `document.querySelector("form").elements.text.value === ""`)
}
