package faults_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/e2e/faults/program"
)

// A proxy that asks for its upstream by the upstream's own name, as nginx and
// Apache do by default, makes every page one of another origin's. An operator
// must be able to find out.
func TestOriginBehindAProxyThatHidesTheHostIsNamed(t *testing.T) {
	t.Parallel()
	p := program.Start(t)
	upstream, err := url.Parse(p.URL)
	if err != nil {
		t.Fatal(err)
	}
	hides := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(upstream) }})
	defer hides.Close()
	passes := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(upstream); r.Out.Host = r.In.Host }})
	defer passes.Close()

	ask := func(method, url, origin string) (status int, answer string) {
		t.Helper()
		c := &caller{t: t, p: &program.Program{URL: url}}
		if method == http.MethodPost {
			return c.send("chat.post", "k-"+p.Addr, `{"room":"lobby","author":"ann","text":"hello"}`, "Origin", origin)
		}
		return c.get("/socket?topic=room.lobby", "Origin", origin, "Connection", "Upgrade", "Upgrade", "websocket",
			"Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
	}
	for range 20 {
		for _, method := range []string{http.MethodPost, http.MethodGet} {
			status, answer := ask(method, hides.URL, hides.URL)
			want := `the page is of \"` + hides.URL + `\", and this server was asked as \"` + p.Addr + `\": let the proxy pass on the Host header`
			if status != http.StatusForbidden || !strings.Contains(answer, want) {
				t.Fatalf("%s: answered %d %s, want 403 and %s", method, status, answer, want)
			}
		}
	}
	// The commands' line and the sockets'; the next ones are due after 10 s.
	program.Until(t, 10*time.Second, "both are in the log", func() bool { return strings.Count(p.Log(), hides.URL) >= 2 })
	if log := p.Log(); strings.Count(log, hides.URL) > 6 || !strings.Contains(log, p.Addr) {
		t.Errorf("the log holds %s", log)
	}
	if status, answer := ask(http.MethodPost, passes.URL, passes.URL); status != http.StatusOK {
		t.Errorf("a proxy that passes the host on: %d %s", status, answer)
	}
	if status, _ := ask(http.MethodGet, passes.URL, passes.URL); status != http.StatusSwitchingProtocols {
		t.Errorf("its socket: %d", status)
	}
}

// get asks by the headers given in pairs, and reads an answer that is an error.
func (c *caller) get(path string, headers ...string) (status int, answer string) {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, c.p.URL+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 400 {
		var text strings.Builder
		if _, err := io.Copy(&text, resp.Body); err != nil {
			c.t.Fatal(err)
		}
		answer = text.String()
	}
	return resp.StatusCode, answer
}
