//go:build !js

package goapp

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// withStyles makes the program link other sheets for the time of a test.
func withStyles(t *testing.T, all map[string]string) {
	t.Helper()
	was := registered.all
	registered.all = all
	t.Cleanup(func() { registered.all = was })
}

func handle(path string, headers ...string) *httptest.ResponseRecorder {
	h := Handler(Options{
		Name: "Test", Icon: app.Icon{SVG: "/web/icon.svg"}, Styles: []string{"/web/app.css"},
		Assets: Assets{URL: func(path string) string { return path }, Version: "v1"},
	})
	r := httptest.NewRequest("GET", path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestHandlerLinksTheStylesOfPackagesBeforeThePages(t *testing.T) {
	withStyles(t, map[string]string{"b": ".b {}", "a": ".a {}"})
	sheet := styleSheet()
	if got := handle("/app-worker.js").Body.String(); !strings.Contains(got, sheet.url()) {
		t.Errorf("the service worker does not keep %s: %s", sheet.url(), got)
	}
	page := handle("/").Body.String()
	if ours, own := strings.Index(page, sheet.url()), strings.Index(page, "/web/app.css"); ours < 0 || own < ours {
		t.Errorf("the page links %s at %d and its own at %d", sheet.url(), ours, own)
	}
	w := handle(sheet.url())
	if got := w.Body.String(); w.Code != http.StatusOK || !strings.HasPrefix(got, colours) || !strings.HasSuffix(got, "\n.a {}\n.b {}") {
		t.Errorf("the sheet is %d %s", w.Code, got)
	}
	if got := w.Header().Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Errorf("the sheet is kept by %q", got)
	}
	if got := handle("/seaway.css?v=older").Header().Get("Cache-Control"); got != "no-cache" {
		t.Errorf("another sheet is kept by %q", got)
	}
}

func TestHandlerPacksTheStyles(t *testing.T) {
	withStyles(t, map[string]string{"a": ".a {}"})
	w := handle("/seaway.css", "Accept-Encoding", "br, gzip")
	r, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || string(got) != colours+"\n.a {}" || w.Header().Get("Content-Encoding") != "gzip" {
		t.Errorf("the sheet is %s, %v", got, err)
	}
	if got := handle("/seaway.css", "Accept-Encoding", "gzip;q=0").Header().Get("Content-Encoding"); got != "" {
		t.Errorf("a client that refuses gzip is sent %q", got)
	}
}

// go-app answers 304 by the version, and its service worker keeps what has one.
func TestHandlersVersionChangesWithTheStyles(t *testing.T) {
	withStyles(t, nil)
	without := handle("/app.js").Header().Get("ETag")
	registered.all = map[string]string{"a": ".a {}"}
	with := handle("/app.js").Header().Get("ETag")
	registered.all = map[string]string{"a": ".a { color: red }"}
	if other := handle("/app.js").Header().Get("ETag"); without == "" || with == without || other == with {
		t.Errorf("the versions are %s, %s and %s", without, with, other)
	}
	registered.all = nil
	if got := handle("/seaway.css").Code; got != http.StatusNotFound {
		t.Errorf("without styles there is a sheet: %d", got)
	}
}

func TestStylesHaveDifferentNames(t *testing.T) {
	var s parts
	s.add("a", "")
	defer func() {
		if recover() == nil {
			t.Error("a second style of the same name was taken")
		}
	}()
	s.add("a", "")
}
