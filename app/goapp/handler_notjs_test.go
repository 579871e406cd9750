//go:build !js

package goapp_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
)

type greeting struct{ app.Compo }

func (*greeting) Render() app.UI { return app.P().Text("hello") }

func init() { app.Route("/", func() app.Composer { return &greeting{} }) }

func newHandler(icon app.Icon) http.Handler {
	url := func(path string) string { return path }
	return goapp.Handler(goapp.Options{Name: "Test", Icon: icon, Assets: goapp.Assets{URL: url, Version: "v1", WasmSize: 7}})
}

func serve(method, url string, headers ...string) *http.Response {
	r := httptest.NewRequest(method, url, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	newHandler(app.Icon{SVG: "/web/icon.svg"}).ServeHTTP(w, r)
	return w.Result()
}

func text(t *testing.T, resp *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestPageIsNeverNotModifiedAndItsScriptsAre(t *testing.T) {
	resp := serve("GET", "/", "If-None-Match", `"v1"`)
	if got := text(t, resp); resp.StatusCode != 200 || resp.Header.Get("ETag") != "" || !strings.Contains(got, "hello") {
		t.Errorf("the page: %d, ETag %q, %s", resp.StatusCode, resp.Header.Get("ETag"), got)
	}
	if got := resp.Header.Get("Content-Type"); got != "text/html; charset=utf-8" {
		t.Errorf("the page is of type %q", got)
	}
	for _, path := range []string{"/app.js", "/app-worker.js", "/wasm_exec.js"} {
		tag := serve("GET", path).Header.Get("ETag")
		if resp := serve("GET", path, "If-None-Match", tag); resp.StatusCode != 304 || tag == "" {
			t.Errorf("%s with %s: got %d, want 304", path, tag, resp.StatusCode)
		}
		if resp := serve("GET", path, "If-None-Match", `"v1"`); resp.StatusCode != 200 {
			t.Errorf("%s of another version: got %d", path, resp.StatusCode)
		}
	}
}

func TestPolicyForbidsInlineScripts(t *testing.T) {
	for _, path := range []string{"/", "/app.js", "/nowhere"} {
		policy := serve("GET", path).Header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "script-src 'self' 'wasm-unsafe-eval';") || strings.Contains(policy, "unsafe-inline") {
			t.Errorf("%s: the policy is %q", path, policy)
		}
	}
}

func TestPagesAreOnlyRead(t *testing.T) {
	if resp := serve("POST", "/"); resp.StatusCode != 405 || resp.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("got %d, Allow %q", resp.StatusCode, resp.Header.Get("Allow"))
	}
}

// go-app would fetch it from the host that the request names, and serve the answer
// to all clients.
func TestHandlerRequestsNoForeignHost(t *testing.T) {
	foreign := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.Errorf("a foreign host was asked for %s", r.URL)
		fmt.Fprint(w, "POISON")
	}))
	defer foreign.Close()
	for _, path := range []string{"/robots.txt", "/sitemap.xml", "/ads.txt", "/v1/robots.txt"} {
		resp := serve("GET", foreign.URL+path)
		if got := text(t, resp); resp.StatusCode != 404 || strings.Contains(got, "POISON") {
			t.Errorf("%s: got %d %q, want 404", path, resp.StatusCode, got)
		}
	}
}

func TestIconsAreThePagesOwn(t *testing.T) {
	for _, path := range []string{"/", "/manifest.webmanifest", "/app-worker.js"} {
		if got := text(t, serve("GET", path)); strings.Contains(got, "githubusercontent") || !strings.Contains(got, "/web/icon.svg") {
			t.Errorf("%s names other icons than the page's: %s", path, got)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a page without an icon was accepted")
		}
	}()
	newHandler(app.Icon{})
}

func TestWorkerLetsStreamsPass(t *testing.T) {
	worker := text(t, serve("GET", "/app-worker.js"))
	ours, theirs := strings.Index(worker, "text/event-stream"), strings.LastIndex(worker, `addEventListener("fetch"`)
	if ours < 0 || theirs < ours {
		t.Errorf("the bypass is at %d, go-app's own listener at %d", ours, theirs)
	}
}

// It must be the address that app.js asks for, and asked for in the same way.
func TestWasmIsPreloaded(t *testing.T) {
	url := func(path string) string { return path + "?v=1&x" }
	h := goapp.Handler(goapp.Options{Icon: app.Icon{SVG: "/web/icon.svg"}, Assets: goapp.Assets{URL: url, Version: "v1", WasmSize: 7}})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	const want = `<link rel="preload" as="fetch" type="application/wasm" crossorigin="anonymous" href="/web/app.wasm?v=1&amp;x">`
	if got := w.Body.String(); !strings.Contains(got, want) {
		t.Errorf("the page has no %s:\n%s", want, got)
	}
}

// What is around the pages may have an ETag of its own, and sees what clients have.
func TestHandlerAroundPagesIsNotAroundScripts(t *testing.T) {
	url := func(path string) string { return path }
	h := goapp.Handler(goapp.Options{
		Name: "Test", Icon: app.Icon{SVG: "/web/icon.svg"}, Assets: goapp.Assets{URL: url, Version: "v1"},
		Around: func(pages http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Around", r.Header.Get("If-None-Match"))
				pages.ServeHTTP(w, r)
			})
		},
	})
	for path, want := range map[string]string{"/": `"v1"`, "/app.js": "", "/manifest.webmanifest": "", "/robots.txt": ""} {
		w, r := httptest.NewRecorder(), httptest.NewRequest("GET", path, nil)
		r.Header.Set("If-None-Match", `"v1"`)
		if h.ServeHTTP(w, r); w.Header().Get("X-Around") != want || path == "/" && w.Code != 200 {
			t.Errorf("%s: %d, around it %q, want %q", path, w.Code, w.Header().Get("X-Around"), want)
		}
	}
}
