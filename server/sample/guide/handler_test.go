package guide

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

var book = Book{
	Cover: Chapter{Title: "The guide", HTML: `<p>All <a href="/guide/ships">chapters</a></p>`},
	Chapters: []Chapter{
		{Slug: "ships", Title: "Ships & boats", Summary: "About ships.", HTML: "<p>They sail.</p>", Sections: []Section{
			{Title: "Ships & boats", Text: "They sail, with one mast, or two masts, or three masts."},
			{ID: "masts", Title: "Masts", Text: "A mast holds a sail. EventSource <b>"},
		}},
		{Slug: "seas", Title: "Seas", HTML: "<p>They are deep.</p>", Sections: []Section{{Title: "Seas", Text: "They are deep, with a mast here and there."}}},
	},
}

// get answers a request by the handler of a book.
func get(t *testing.T, method, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	h, err := newHandler(book, func(path string) string {
		if strings.HasPrefix(path, "/web/") {
			path += "?v=1"
		}
		return "/below" + path
	})
	if err != nil {
		t.Fatal(err)
	}
	w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), method, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	h.ServeHTTP(w, r)
	return w
}

func TestHandlerServesChapters(t *testing.T) {
	for path, want := range map[string][]string{
		"/guide": {"<title>Seaway guide</title>", `<a href="/below/guide/ships">chapters</a>`, `href="/below/guide/seas">Seas</a>`, `rel="next" href="/below/guide/ships"`},
		"/guide/ships": {
			"<title>Ships &amp; boats · Seaway guide</title>", `content="About ships."`, "<p>They sail.</p>", `href="/below/guide/ships" aria-current="page"`,
			`rel="prev" href="/below/guide"`, `rel="next" href="/below/guide/seas"`, `<a href="#masts">Masts</a>`, `href="/below/web/guide.css?v=1"`,
		},
		"/guide/seas": {`rel="prev" href="/below/guide/ships"`},
	} {
		w := get(t, "GET", path)
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/html; charset=utf-8" || w.Header().Get("ETag") == "" {
			t.Errorf("%s: %d %v", path, w.Code, w.Header())
		}
		for _, part := range want {
			if !strings.Contains(w.Body.String(), part) {
				t.Errorf("%s: %s is not in\n%s", path, part, w.Body)
			}
		}
	}
	if w := get(t, "GET", "/guide/seas"); strings.Contains(w.Body.String(), `rel="next"`) {
		t.Error("the last chapter has a next one")
	}
}

func TestHandlerRefusesWhatIsNoChapter(t *testing.T) {
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/guide/none", 404}, {"GET", "/guide/ships/x", 404}, {"GET", "/guide/", 301}, {"POST", "/guide", 405}, {"HEAD", "/guide", 200},
	} {
		if w := get(t, c.method, c.path); w.Code != c.status {
			t.Errorf("%s %s: %d, want %d", c.method, c.path, w.Code, c.status)
		}
	}
	if w := get(t, "GET", "/guide/none"); !strings.Contains(w.Body.String(), `<a href="/below/guide">All chapters</a>`) || w.Header().Get("ETag") != "" {
		t.Errorf("the address of no chapter leads nowhere: %v\n%s", w.Header(), w.Body)
	}
}

// The packed page is the plain one, and a client that has either is not sent it again.
func TestHandlerCompressesAndRevalidates(t *testing.T) {
	plain, packed := get(t, "GET", "/guide/ships"), get(t, "GET", "/guide/ships", "Accept-Encoding", "br, gzip")
	zip, err := gzip.NewReader(packed.Body)
	if err != nil || packed.Header().Get("Content-Encoding") != "gzip" {
		t.Fatal(err, packed.Header())
	}
	text, err := io.ReadAll(zip)
	if err != nil || string(text) != plain.Body.String() {
		t.Errorf("%v, unpacked it is\n%s", err, text)
	}
	if plain.Header().Get("ETag") == packed.Header().Get("ETag") || plain.Header().Get("Vary") != "Accept-Encoding" {
		t.Errorf("the headers are %v and %v", plain.Header(), packed.Header())
	}
	for _, w := range []*httptest.ResponseRecorder{
		get(t, "GET", "/guide/ships", "If-None-Match", plain.Header().Get("ETag")),
		get(t, "GET", "/guide/ships", "If-None-Match", packed.Header().Get("ETag"), "Accept-Encoding", "gzip"),
	} {
		if w.Code != http.StatusNotModified || w.Body.Len() > 0 {
			t.Errorf("a client that has the page is answered %d", w.Code)
		}
	}
	if w := get(t, "GET", "/guide/ships", "Range", "bytes=0-9"); w.Code != http.StatusOK {
		t.Errorf("a range is answered %d", w.Code)
	}
}

func TestHandlerAnswersASearch(t *testing.T) {
	w := get(t, "GET", "/guide?q=mast")
	body := w.Body.String()
	first, second := strings.Index(body, `<a href="/below/guide/ships#masts">Masts</a>`), strings.Index(body, `<a href="/below/guide/seas">Seas</a>`+"\n")
	if w.Code != http.StatusOK || first < 0 || second < first || !strings.Contains(body, "<mark>mast</mark>") || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v\n%s", w.Code, w.Header(), body)
	}
	if body := get(t, "GET", "/guide?q=%3Cscript%3E+%22").Body.String(); strings.Contains(body, "<script>") || !strings.Contains(body, "does not mention “&lt;script&gt; &#34;”") {
		t.Errorf("a query is not escaped, or not answered:\n%s", body)
	}
	if body := get(t, "GET", "/guide?q=+").Body.String(); !strings.Contains(body, "<h1>The guide</h1>") {
		t.Error("an empty query does not show the contents")
	}
	if got := get(t, "GET", "/guide?q="+strings.Repeat("%C3%A4", 80)).Body.String(); strings.Contains(got, strings.Repeat("ä", 51)) || !strings.Contains(got, strings.Repeat("ä", 50)) {
		t.Error("a long query is not cut at a letter")
	}
}

func TestHandlerWithoutAGuideSaysWhy(t *testing.T) {
	if _, err := read(fstest.MapFS{}); err != errNotBuilt {
		t.Errorf("no guide: %v", err)
	}
	if _, err := read(fstest.MapFS{"build/" + File: {Data: []byte("{")}}); err == nil {
		t.Error("a file that is cut is read")
	}
	b, err := read(fstest.MapFS{"build/" + File: {Data: []byte(`{"cover":{"title":"T"},"chapters":[{"slug":"a"}]}`)}})
	if err != nil || b.Cover.Title != "T" || b.Chapters[0].Slug != "a" {
		t.Errorf("%+v, %v", b, err)
	}
}
