// Package guide serves the guide for developers: its chapters, which were rendered when
// the program was built, and a search.
//
//	pages, err := guide.Handler(srv.URL)
//	mux.Handle("/guide", pages)
//	mux.Handle("/guide/", pages)
//
// # Promises
//
//   - The pages are complete HTML and need no script. One small script shows what a
//     search finds while the user types.
//   - Pages are composed and compressed once, when the program starts, and have an ETag.
//   - They set no cookie, and load nothing from another site.
//   - A program that was built without the guide still runs, and answers 404 with the
//     reason.
package guide

import (
	"errors"
	"net/http"
	"strings"
)

// Path is where the guide is served; its chapters are below it.
const Path = "/guide"

// policy lets a page load its own files and nothing else.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Handler returns the handler of the guide in this program. url returns the address of a
// path of the server.
func Handler(url func(path string) string) (http.Handler, error) {
	b, err := read(built)
	if errors.Is(err, errNotBuilt) {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, err.Error(), http.StatusNotFound)
		}), nil
	}
	if err != nil {
		return nil, err
	}
	return newHandler(b, url)
}

// A handler serves one guide.
type handler struct {
	layout layout
	pages  map[string]*page // by path
	lost   *page
	index  index
}

func newHandler(b Book, url func(path string) string) (*handler, error) {
	h := &handler{layout: newLayout(b, url), pages: map[string]*page{}, index: newIndex(b)}
	for i, c := range append([]Chapter{b.Cover}, b.Chapters...) {
		p, err := h.layout.chapter(c, i-1)
		if err != nil {
			return nil, err
		}
		h.pages[pathOf(c)] = p
	}
	var err error
	h.lost, err = h.layout.lost()
	return h, err
}

func pathOf(c Chapter) string { return strings.TrimSuffix(Path+"/"+c.Slug, "/") }

// ServeHTTP implements [http.Handler].
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Security-Policy", policy)
	p := h.pages[r.URL.Path]
	switch query := r.URL.Query().Get("q"); {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "pages are fetched by GET", http.StatusMethodNotAllowed)
	case r.URL.Path == Path+"/":
		http.Redirect(w, r, Path, http.StatusMovedPermanently)
	case p == nil:
		h.lost.serve(w, r, http.StatusNotFound)
	case r.URL.Path == Path && strings.TrimSpace(query) != "":
		h.serveSearch(w, query)
	default:
		p.serve(w, r, http.StatusOK)
	}
}

func (h *handler) serveSearch(w http.ResponseWriter, query string) {
	query = cut(query, maxQuery)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	// A client that has gone needs no answer.
	_ = h.layout.results(w, query, h.index.find(query))
}
