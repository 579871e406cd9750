//go:build !js

package goapp

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

type letter struct{ app.Compo }

func (l *letter) Render() app.UI {
	return app.Div().Body(
		app.Pre().Text("a\n\t\tb > c\n  <d>"),
		app.P().Body(app.B().Text("one"), app.Span().Text(" two"), app.Text(" "), app.I().Text("three")),
	)
}

type lost struct{ app.Compo }

func (l *lost) Render() app.UI { return app.P().Text("There is no such page") }

func init() {
	app.Route("/letter", func() app.Composer { return &letter{} })
	app.Route("/lost", func() app.Composer { return &lost{} })
}

// documents returns a handler of pages, with one for paths that have none.
func documents() http.Handler {
	url := func(path string) string { return path }
	return Handler(Options{Name: "Test", Icon: app.Icon{SVG: "/web/icon.svg"}, Assets: Assets{URL: url, Version: "v1"}, Status: func(r *http.Request) int {
		if r.URL.Path == "/letter" {
			return 200
		}
		r.URL.Path = "/lost"
		return 404
	}})
}

func fetch(h http.Handler, path string, headers ...string) *httptest.ResponseRecorder {
	w, r := httptest.NewRecorder(), httptest.NewRequest("GET", path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	h.ServeHTTP(w, r)
	return w
}

func TestDocumentHasNoSpacesBetweenTagsAndAllOfItsTexts(t *testing.T) {
	html := fetch(documents(), "/letter").Body.String()
	for _, want := range []string{"<pre>a\n\t\tb &gt; c\n  &lt;d&gt;</pre><p><b>one</b><span> two</span> <i>three</i></p>", "</html>"} {
		if !strings.Contains(html, want) {
			t.Errorf("it lacks %q: %s", want, html)
		}
	}
	if between := regexp.MustCompile(`>\s*\n\s*<`).FindString(html); between != "" {
		t.Errorf("between two tags it has %q", between)
	}
}

// A preview of another site follows what it finds there.
func TestDocumentNamesNoAddressWithoutAHost(t *testing.T) {
	html := fetch(documents(), "/letter").Body.String()
	if strings.Contains(html, "https://") || !strings.Contains(html, "og:title") {
		t.Errorf("it has %s", html)
	}
	kept := `<meta property="og:image" content="https://example.com/a.png"></head>`
	if got := string((drawer{files: generatedFiles{"/app.js": {file: &file{}}, "/app.css": {file: &file{}}, "/wasm_exec.js": {file: &file{}}}}).clean([]byte(kept))); got != kept {
		t.Errorf("of an address with a host it leaves %s", got)
	}
}

func TestPathWithoutAPageIsAnsweredByOne(t *testing.T) {
	h := documents()
	for _, path := range []string{"/nowhere", "/letter/too", "/lost"} {
		w := fetch(h, path)
		if w.Code != 404 || !strings.Contains(w.Body.String(), "There is no such page") || w.Header().Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%s: %d, %v, %s", path, w.Code, w.Header(), w.Body)
		}
	}
	url := func(path string) string { return path }
	bare := Handler(Options{Icon: app.Icon{SVG: "/web/icon.svg"}, Assets: Assets{URL: url, Version: "v1"}})
	if w := fetch(bare, "/nowhere"); w.Code != 404 || strings.Contains(w.Body.String(), "<html") {
		t.Errorf("without such a page: %d, %s", w.Code, w.Body)
	}
}

// A browser that has a version of the scripts does not load it again.
func TestScriptsHaveAnAddressForEver(t *testing.T) {
	h := documents()
	html, worker := fetch(h, "/letter").Body.String(), fetch(h, "/app-worker.js").Body.String()
	for _, path := range []string{"/app.js", "/wasm_exec.js", "/app.css"} {
		address := regexp.MustCompile(`"(` + regexp.QuoteMeta(path) + `\?v=[0-9a-f]{16})"`).FindStringSubmatch(html)
		if address == nil || !strings.Contains(worker, address[0]) || strings.Contains(worker, `"`+path+`"`) {
			t.Errorf("%s is %v in the page, and in the worker: %s", path, address, worker)
			continue
		}
		w := fetch(h, address[1], "Accept-Encoding", "gzip")
		if got := w.Header().Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
			t.Errorf("%s: %q", address[1], got)
		}
		z, err := gzip.NewReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		plain := fetch(h, path)
		if text, err := io.ReadAll(z); err != nil || string(text) != plain.Body.String() || len(text) == 0 {
			t.Errorf("%s is sent compressed as %q", path, text)
		}
		if got := plain.Header().Get("Cache-Control"); got != "no-cache" || plain.Header().Get("Content-Encoding") != "" {
			t.Errorf("%s: %v", path, plain.Header())
		}
	}
}
