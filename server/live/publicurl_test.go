package live

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/httpd"
)

func TestPublicURLIsTheAddressOfASite(t *testing.T) {
	for text, want := range map[string]string{
		"": "/", "https://www.example": "https://www.example/", "http://WWW.example:80/": "http://www.example/", "https://www.example:80/": "https://www.example:80/",
		"https://www.example/app": "https://www.example/app/", "https://www.example/a-1/b.c/": "https://www.example/a-1/b.c/", "http://[::1]:8000/app/": "http://[::1]:8000/app/",
	} {
		s, err := New(eventlog.NewMemory(eventlog.Retention{}), Options{PublicURL: text})
		if err != nil || s.Root() != want {
			t.Errorf("%q: the site is at %q (%v)", text, s.Root(), err)
		}
	}
	for _, text := range []string{
		"www.example", "/app/", "ftp://www.example", "https://", "https://a@www.example", "https://www.example/?a", "https://www.example/#a",
		"https://www.example//app", "https://www.example/../app", "https://www.example/a%20b", `https://www.example/"`, "https://www.example/app//", "::",
	} {
		if _, err := New(eventlog.NewMemory(eventlog.Retention{}), Options{PublicURL: text}); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

// askHost makes a request to a host and returns the answer, with its body read.
func askHost(t *testing.T, url, host string, headers ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = host
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

func TestServer_RefusesOtherHosts(t *testing.T) {
	url := serveTest(t, newTest(t, Options{PublicURL: "https://www.example/app/"}))
	for host, want := range map[string]int{
		"www.example": 200, "WWW.Example.": 200, "www.example:8443": 200, "localhost": 200, "localhost:8000": 200, "127.0.0.1:1": 200, "127.7.0.1": 200, "[::1]:8000": 200,
		"evil.example": 421, "www.example.evil.example": 421, "localhost.evil.example": 421, "10.0.0.1": 421, "127.0.0.1.evil.example": 421, "app": 421,
	} {
		for _, path := range []string{"/app/", "/", "/app/state?topic=notes", "/app/web/app.css", "/app"} {
			resp, body := askHost(t, url+path, host)
			if refused := resp.StatusCode == 421; refused != (want == 421) || refused && !strings.Contains(body, "www.example") {
				t.Errorf("%s%s is answered %d %.100s", host, path, resp.StatusCode, body)
			}
			if resp.Header.Get("X-Content-Type-Options") != "nosniff" || resp.Header.Get("Cross-Origin-Resource-Policy") == "" {
				t.Errorf("%s%s is answered without the headers of all answers: %v", host, path, resp.Header)
			}
		}
	}
}

func TestServer_IsBelowItsPrefix(t *testing.T) {
	var access logged
	s := newTest(t, Options{PublicURL: "https://www.example/app/", Access: &access})
	s.Route("/moved", http.RedirectHandler("/elsewhere", http.StatusFound))
	s.Route("/away", http.RedirectHandler("https://other.example/x", http.StatusFound))
	s.Route("/tree/", http.NotFoundHandler()) // http.ServeMux redirects to it
	s.Route("/where", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, r.URL.Path+" "+r.URL.RawPath+" "+httpd.Prefix(r))
	}))
	url := serveTest(t, s)
	for path, want := range map[string]string{
		"/app": "/app/", "/app?a=b": "/app/?a=b", "/app/moved": "/app/elsewhere", "/moved": "/app/elsewhere", "/app/away": "https://other.example/x", "/app/tree": "/app/tree/", "/app//tree": "/app/tree/",
	} {
		if resp, _ := askHost(t, url+path, "www.example"); resp.Header.Get("Location") != want {
			t.Errorf("%s leads to %q (%d), want %q", path, resp.Header.Get("Location"), resp.StatusCode, want)
		}
	}
	for path, want := range map[string]string{"/app/where": "/where  /app", "/where": "/where  /app", "/%61pp/where": "/where  /app", "/application": "<p>a page", "/app/app/where": "<p>a page"} {
		if _, body := askHost(t, url+path, "www.example"); !strings.HasPrefix(body, want) {
			t.Errorf("%s is answered %.50q, want %q", path, body, want)
		}
	}
	if got := s.URL("/web/app.css"); !strings.HasPrefix(got, "/app/web/app.css?v=") || s.URL("/x") != "/app/x" || s.URL("/app/x") != "/app/x" {
		t.Errorf("files are at %q, pages at %q and %q", got, s.URL("/x"), s.URL("/app/x"))
	}
	if _, body := askHost(t, url+"/app/robots.txt", "www.example"); !strings.Contains(body, "Disallow: /app/events\n") {
		t.Errorf("robots are told %q", body)
	}
	resp, body := call(t, url+"/app", "live.echo", `{"text":"a"}`, "Origin", "https://www.example")
	if resp.StatusCode != 200 {
		t.Errorf("a page of the site is refused: %d %s", resp.StatusCode, body)
	}
	open := followWith(t, url+"/app/events?topic=notes")
	open.next("hello")
	if got := s.Streams().Stats(); got.Fast != 1 {
		t.Errorf("the stream is not on the fast path: %+v", got)
	}
	if err := s.Shutdown(context.WithoutCancel(t.Context())); err != nil { // so that the lines are there
		t.Fatal(err)
	}
	if got := access.String(); !strings.Contains(got, `"GET /app/where `) {
		t.Errorf("the access log has other addresses: %s", got)
	}
}

// The client of an HTTPS site speaks HTTPS, also if its proxy does not say so.
func TestServer_IsSecureAtASecureURL(t *testing.T) {
	for _, c := range []struct {
		public, host, proto string
		want                bool
	}{
		{"https://www.example", "www.example", "", true},
		{"https://www.example", "www.example", "http", false}, // a trusted proxy knows better
		{"https://www.example", "localhost", "", false},
		{"http://www.example", "www.example", "", false},
		{"http://www.example", "www.example", "https", true},
	} {
		s := newTest(t, Options{PublicURL: c.public, TrustedProxies: []string{"127.0.0.1"}})
		s.Route("/secure", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if httpd.Secure(r) {
				io.WriteString(w, "yes")
			}
		}))
		url := serveTest(t, s)
		headers := []string{"X-Forwarded-For", "203.0.113.9"}
		if c.proto != "" {
			headers = append(headers, "X-Forwarded-Proto", c.proto)
		}
		if _, body := askHost(t, url+"/secure", c.host, headers...); (body == "yes") != c.want {
			t.Errorf("%+v: secure is %q", c, body)
		}
	}
}
