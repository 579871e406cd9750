//go:build !js

package goapp

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"hash/fnv"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// colours are the custom properties that all sheets use.
//
//go:embed style.css
var colours string

// stylePath is where a [Handler] serves the sheets.
const stylePath = "/seaway.css"

// registered are the sheets of the packages that the program links.
var registered sheets

// Style registers a package's style sheet. Every [Handler] made afterwards serves
// it, in one file with all others, linked before the page's own styles. Call it
// with an embedded file in an init function of a file that is not compiled into
// the wasm. It panics if the name is registered already.
func Style(name, css string) { registered.add(name, css) }

// sheets are style sheets by name. The zero value has none.
type sheets struct {
	mu  sync.Mutex
	all map[string]string
}

func (s *sheets) add(name, css string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.all[name]; taken {
		panic(fmt.Sprintf("goapp: there are two styles called %q", name))
	}
	if s.all == nil {
		s.all = map[string]string{}
	}
	s.all[name] = css
}

// join returns all sheets as one, in the order of their names; nil if there are
// none.
func (s *sheets) join() *sheet {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.all) == 0 {
		return nil
	}
	text := []byte(colours)
	names := make([]string, 0, len(s.all))
	for name := range s.all {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		text = append(append(text, '\n'), s.all[name]...)
	}
	return newSheet(text)
}

// A sheet is a file at an address that changes with its content.
type sheet struct {
	text, packed []byte
	hash         string
}

func newSheet(text []byte) *sheet {
	h := fnv.New64a()
	h.Write(text)
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write(text) // a buffer takes everything
	_ = w.Close()
	return &sheet{text: text, packed: packed.Bytes(), hash: fmt.Sprintf("%016x", h.Sum64())}
}

func (s *sheet) url() string { return stylePath + "?v=" + s.hash }

// ServeHTTP serves the sheet. Under its own address it may be cached for ever; an
// older page gets the present sheet, uncached.
func (s *sheet) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	s.describe(w.Header(), r)
	s.write(w, r)
}

// describe sets the headers that say how long and for whom it may be cached.
func (s *sheet) describe(header http.Header, r *http.Request) {
	header.Set("Vary", "Accept-Encoding")
	header.Set("Cache-Control", "no-cache")
	if r.URL.Query().Get("v") == s.hash {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
}

// write sends the text, compressed for a client that accepts it.
func (s *sheet) write(w http.ResponseWriter, r *http.Request) {
	text := s.text
	if accepted := strings.ReplaceAll(r.Header.Get("Accept-Encoding"), " ", ""); strings.Contains(accepted, "gzip") && !strings.Contains(accepted, "gzip;q=0") {
		w.Header().Set("Content-Encoding", "gzip")
		text = s.packed
	}
	_, _ = w.Write(text) // a client that has gone needs no style
}
