package e2e_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// A shared host has another site at its root: requests there, but for what browsers ask
// every host for, were meant for the site below /app/ and have lost their way.
type sharedHost struct {
	*httptest.Server
	mu   sync.Mutex
	lost []string
}

// startBelow starts a program below /app/ of a shared host, which strips the prefix or
// passes it on.
func startBelow(t *testing.T, binary string, strip bool) (*server, *sharedHost) {
	t.Helper()
	h := &sharedHost{}
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/favicon.ico" {
			h.mu.Lock()
			h.lost = append(h.lost, r.Method+" "+r.URL.Path)
			h.mu.Unlock()
		}
		http.NotFound(w, r)
	})
	h.Server = httptest.NewServer(mux)
	t.Cleanup(h.Close)
	s := startBinary(t, binary, "-public-url", h.URL+"/app/")
	to, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{FlushInterval: -1, Rewrite: func(r *httputil.ProxyRequest) {
		r.Out.URL.Scheme, r.Out.URL.Host = to.Scheme, to.Host
		if r.Out.Host = r.In.Host; strip {
			r.Out.URL.Path, r.Out.URL.RawPath = strings.TrimPrefix(r.In.URL.Path, "/app"), ""
		}
	}}
	mux.Handle("/app/", proxy)
	return s, h
}

func (h *sharedHost) check(t *testing.T) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	slices.Sort(h.lost)
	for _, request := range slices.Compact(h.lost) {
		t.Errorf("%s is not below the prefix", request)
	}
}

// at is a JavaScript expression: the page is at a path.
func at(path string) string { return `location.pathname === "` + path + `"` }

// The sample below a prefix, in two browsers: every page, a link, a post, the service
// worker, the guide, and a server that is killed.
func TestPageIsLiveBelowAPrefix(t *testing.T) {
	t.Parallel()
	s, host := startBelow(t, binary, false)
	for name, b := range map[string]screen{"Chromium": openTab(t), "Firefox": openFirefox(t)} {
		b.navigate(host.URL + "/app/")
		b.untilLive()
		b.until("a link leads below the prefix", `(document.querySelector("a.to-messages").click(), true)`)
		b.until("the room is there", at("/app/room/lobby")+` && document.querySelector("#text")`)
		b.until("its links are below the prefix", `[...document.querySelectorAll("a[href], form[action]")].every(e => /^(#|\/app\/)/.test(e.getAttribute("href") ?? e.getAttribute("action")))`)
		s.post("ann", "sent to "+name)
		b.until("the message is there", shows("sent to "+name))
		b.until("it is written", `(document.querySelector("#author").value = "bob", document.querySelector("#text").value = "from `+name+`", document.querySelector("#text").dispatchEvent(new Event("input", {bubbles: true})), document.querySelector("#send").click(), true)`)
		b.until("the post is there", shows("from "+name))
		b.until("the worker is below the prefix", `navigator.serviceWorker.controller?.scriptURL.endsWith("/app/app-worker.js")`)
		b.navigate(host.URL + "/app/room/lobby")
		b.untilLive()
		b.until("the message is there again", shows("from "+name)+` && navigator.serviceWorker.controller`)
		s.kill()
		s.start()
		s.post("ann", "after a kill, to "+name)
		b.until("the page goes on", shows("after a kill, to "+name))
		for _, path := range []string{"/board/red", "/dashboard", "/inbox", "/compare", "/nowhere"} {
			b.navigate(host.URL + "/app" + path)
			b.untilLive()
			b.until("it stays there", at("/app"+path))
		}
		b.navigate(host.URL + "/app/guide/deploying")
		b.until("the guide is there", `document.querySelector("h1") && [...document.querySelectorAll("a")].every(e => /^(#|https:|\/app\/)/.test(e.getAttribute("href")))`)
	}
	host.check(t)
}

// A proxy may strip the prefix, and a form needs no script there either.
func TestFormBelowAStrippedPrefixPosts(t *testing.T) {
	t.Parallel()
	s, host := startBelow(t, binary, true)
	b := openTab(t)
	b.navigate(host.URL + "/app/room/lobby")
	b.untilLive()
	b.write("ann", "by the program")
	b.untilShows("by the program")
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	b.navigate(host.URL + "/app/room/lobby")
	b.typeInto("author", "Bob")
	b.typeInto("text", "by the browser")
	b.click("#send")
	b.until("the page shows it", shows("by the browser")+" && "+at("/app/room/lobby"))
	b.typeInto("text", " ")
	b.click("#send")
	b.until("the reason is there", `document.querySelector("[role=alert]")?.textContent === "The text is empty."`)
	b.click("p a")
	b.until("the way back is below the prefix", at("/app/room/lobby")+` && document.querySelector("#text")`)
	b.click("#language button")
	b.until("it is in the other language", `document.documentElement?.lang && document.documentElement.lang !== "en" && `+at("/app/room/lobby"))
	host.check(t)
	if strings.Contains(s.access.String(), `"GET /app/`) {
		t.Error("the proxy has not stripped the prefix")
	}
}

// The address of an HTTPS site gives its pages absolute links, and its cookies a name that
// needs HTTPS, for its own path.
func TestPublicURLIsInLinksAndCookies(t *testing.T) {
	t.Parallel()
	s := startServer(t, "-public-url", "https://www.example/app/")
	get := func(method, path, host string) (*http.Response, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		req.Host = host
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Origin", "https://www.example")
		resp, err := s.client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var body bytes.Buffer
		if _, err := body.ReadFrom(resp.Body); err != nil {
			t.Fatal(err)
		}
		return resp, body.String()
	}
	if _, html := get("GET", "/app/room/lobby", "www.example"); !strings.Contains(html, `"https://www.example/app/room/lobby"`) {
		t.Errorf("a page does not say where it is: %.2000s", html)
	}
	if _, manifest := get("GET", "/app/manifest.webmanifest", "www.example"); !strings.Contains(manifest, `"scope":"/app/","start_url":"/app/"`) || strings.Contains(manifest, `"src":"/web`) {
		t.Errorf("the manifest is %s", manifest)
	}
	resp, body := get("POST", "/app/commands/guest.whoami", "www.example")
	cookie := resp.Header.Get("Set-Cookie")
	if resp.StatusCode != 200 || !strings.HasPrefix(cookie, "__Secure-") || !strings.Contains(cookie, "Path=/app/;") || !strings.Contains(cookie, "Secure") {
		t.Errorf("whoami is answered %d %s with the cookie %q", resp.StatusCode, body, cookie)
	}
	if resp, body := get("GET", "/app/room/lobby", "rebound.example"); resp.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("a page is read by another name: %d %.100s", resp.StatusCode, body)
	}
}
