package e2e_test

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// ssePage is a page of another origin that knows nothing of the kit: it makes a list item
// of each message, and logs what its EventSource does.
const ssePage = `<!doctype html><title>The time</title><ul id="list"></ul><script src="/page.js"></script>`

const sseScript = `
const list = document.querySelector("#list"), log = [];
const source = new EventSource("SERVER/sse");
source.onopen = () => log.push("open " + source.readyState);
source.onerror = () => log.push("error " + source.readyState);
source.onmessage = event => {
  const item = document.createElement("li");
  item.textContent = JSON.parse(event.data).message;
  list.append(item);
};
`

// otherOrigin serves that page.
func otherOrigin(t *testing.T) (origin string, to func(server string)) {
	t.Helper()
	script := ""
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/page.js" {
			w.Header().Set("Content-Type", "text/javascript")
			_, _ = w.Write([]byte(script))
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(ssePage))
	}))
	t.Cleanup(front.Close)
	return front.URL, func(server string) { script = strings.ReplaceAll(sseScript, "SERVER", server) }
}

// A plain page of another origin follows the server's time in both browsers, and goes on
// by itself where it was when the server has been killed.
func TestSSEServesAPlainPageOfAnotherOrigin(t *testing.T) {
	t.Parallel()
	origin, to := otherOrigin(t)
	s := startServer(t, "-origins", origin)
	to(s.url)
	chromium, fox := openTab(t), openFirefox(t)
	chromium.navigate(origin)
	fox.navigate(origin)
	both := func(what, expr string) {
		t.Helper()
		chromium.until("Chromium: "+what, expr)
		fox.until("Firefox: "+what, expr)
	}
	both("the list has three times", `[...document.querySelectorAll("li")].filter(e => /^Current time is \d\d:\d\d:\d\d UTC$/.test(e.textContent)).length >= 3 && log[0] === "open 1"`)
	const times = `new Set([...document.querySelectorAll("li")].map(e => e.textContent))`
	both("each comes once", times+`.size === document.querySelectorAll("li").length`)
	stranger, to := otherOrigin(t)
	to(s.url)
	refused := openTab(t)
	refused.navigate(stranger)
	refused.until("another origin is refused", `log[0]?.startsWith("error")`)
	if n := eval[int](refused, `document.querySelectorAll("li").length`); n > 0 {
		t.Errorf("an origin that is not configured has %d times", n)
	}
}

// What its headers say, and that a client which comes back gets what it has missed.
func TestSSEIsResumedByItsIDs(t *testing.T) {
	t.Parallel()
	const friend = "https://app.example.com"
	s := startServer(t, "-origins", friend)
	ids := s.sseIDs("", 3, friend)
	s.kill()
	s.start()
	again := s.sseIDs(ids[0], 3, friend)
	if again[0] != ids[1] || again[1] != ids[2] {
		t.Errorf("after %s come %q, want what came first: %q", ids[0], again, ids)
	}
	status, _, h := s.command("OPTIONS", "/sse", "", "Origin", friend, "Access-Control-Request-Method", "GET")
	if status != 200 || h.Get("Access-Control-Allow-Origin") != friend || h.Get("Access-Control-Allow-Credentials") != "true" {
		t.Errorf("a preflight: %d, %v", status, h)
	}
}

// sseIDs returns the ids of n messages.
func (s *server) sseIDs(after string, n int, origin string) (ids []string) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url+"/sse", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Origin", origin)
	req.Header.Set("Last-Event-ID", after)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	if got := resp.Header.Get("Access-Control-Allow-Origin"); got != origin || resp.Header.Get("Access-Control-Allow-Credentials") != "true" {
		s.t.Errorf("it allows %q, %v", got, resp.Header)
	}
	for lines := bufio.NewScanner(resp.Body); len(ids) < n && lines.Scan(); {
		if id, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
			ids = append(ids, id)
		}
	}
	return ids
}
