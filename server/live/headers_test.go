package live

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"testing"
)

func TestHeadersAreOnAllAnswers(t *testing.T) {
	url := serveTest(t, newTest(t, Options{TrustedProxies: []string{"127.0.0.1"}}))
	for _, path := range []string{"/", "/events?topic=none", "/poll?topic=notes", "/socket?topic=notes", "/state?topic=none", "/web/app.css", "/web/none", "/robots.txt", "/app.js", "/commands/live.echo", "/commands/none"} {
		for proto, secure := range map[string]bool{"https": true, "http": false} {
			for host, local := range map[string]bool{"www.example": false, "localhost:8000": true} {
				resp, _ := ask(t, http.MethodGet, url+path, "", "X-Forwarded-Proto", proto, "X-Forwarded-Host", host)
				h := resp.Header
				if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cross-Origin-Opener-Policy") != "same-origin" || h.Get("Cross-Origin-Resource-Policy") != "same-origin" ||
					!strings.Contains(h.Get("Permissions-Policy"), "camera=()") {
					t.Errorf("%s: %v", path, h)
				}
				if got := h.Get("Strict-Transport-Security") != ""; got != (secure && !local) {
					t.Errorf("%s by %s at %s: %q", path, proto, host, h.Get("Strict-Transport-Security"))
				}
			}
		}
	}
}

func TestHeaderOfAHandlerWins(t *testing.T) {
	s := newTest(t, Options{})
	s.Pages(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Permissions-Policy", "camera=(self)")
	}))
	resp, _ := ask(t, http.MethodGet, serveTest(t, s)+"/", "")
	if got := resp.Header.Get("Permissions-Policy"); got != "camera=(self)" {
		t.Errorf("it is %q", got)
	}
}

func TestAccessLogHasNoTokens(t *testing.T) {
	var access logged
	s := newTest(t, Options{Access: &access})
	url := serveTest(t, s)
	resp, body := ask(t, http.MethodGet, url+"/poll?topic=notes&last=1&token=secret&%74oken=secret&flag", "", "Referer", "https://a.example/?code=secret&topic=notes")
	if resp.StatusCode != 200 {
		t.Fatalf("%d %s", resp.StatusCode, body)
	}
	if err := s.Shutdown(t.Context()); err != nil { // so that the line is there
		t.Fatal(err)
	}
	got := access.String()
	if strings.Contains(got, "secret") || !strings.Contains(got, `"GET /poll?topic=notes&last=1&token=...&%74oken=...&flag HTTP/1.1" 200`) || !strings.Contains(got, `"https://a.example/?code=...&topic=notes"`) {
		t.Errorf("it says %s", got)
	}
}

// A page of a trusted origin reads streams with its user's cookie, as its sockets do.
func TestOriginThatIsTrustedHasCredentials(t *testing.T) {
	const friend = "https://app.example.com"
	url := serveTest(t, newTest(t, Options{Origins: []string{friend}}))
	for _, path := range []string{"/poll?topic=notes", "/state?topic=none"} {
		for origin, want := range map[string]string{friend: "true", "https://evil.example": ""} {
			resp, _ := ask(t, http.MethodGet, url+path, "", "Origin", origin)
			if got := resp.Header.Get("Access-Control-Allow-Credentials"); got != want {
				t.Errorf("%s for %s: %q", path, origin, got)
			}
		}
	}
}

func TestAdminAddressThatOthersReachIsWarnedOf(t *testing.T) {
	for addr, want := range map[string]bool{"127.0.0.1:0": false, "[::1]:0": false, ":0": true} {
		var log bytes.Buffer
		_, stop, err := serveAdmin(Options{Admin: addr, Logger: slog.New(slog.NewTextHandler(&log, nil))})
		if err != nil {
			if strings.Contains(addr, "::1") {
				continue // a machine without IPv6
			}
			t.Fatal(err)
		}
		stop()
		if got := strings.Contains(log.String(), "level=WARN"); got != want {
			t.Errorf("%s: logged %s", addr, &log)
		}
	}
}
