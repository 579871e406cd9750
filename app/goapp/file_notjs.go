//go:build !js

package goapp

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"hash/fnv"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// parts are texts of packages by name, of which one file is made. The zero value has
// none.
type parts struct {
	mu  sync.Mutex
	all map[string]string
}

func (s *parts) add(name, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.all[name]; taken {
		panic(fmt.Sprintf("goapp: there are two files called %q", name))
	}
	if s.all == nil {
		s.all = map[string]string{}
	}
	s.all[name] = text
}

// join returns all parts as one file, after first and in the order of their names; nil
// if there are none.
func (s *parts) join(path, media, first string) *file {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.all) == 0 {
		return nil
	}
	text := []byte(first)
	names := make([]string, 0, len(s.all))
	for name := range s.all {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		text = append(append(text, '\n'), s.all[name]...)
	}
	return newFile(path, media, text)
}

// A file is at an address that changes with its content.
type file struct {
	path, media  string
	text, packed []byte
	hash         string
}

func newFile(path, media string, text []byte) *file {
	h := fnv.New64a()
	h.Write(text)
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write(text) // a buffer takes everything
	_ = w.Close()
	return &file{path: path, media: media, text: text, packed: packed.Bytes(), hash: fmt.Sprintf("%016x", h.Sum64())}
}

func (f *file) url() string { return f.path + "?v=" + f.hash }

// isAt reports whether a request's path is the file's; a nil file has none.
func (f *file) isAt(path string) bool { return f != nil && f.path == path }

// ServeHTTP serves the file. Under its own address it may be cached for ever; an older
// page gets the present file, uncached.
func (f *file) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", f.media)
	f.describe(w.Header(), r)
	f.write(w, r)
}

// describe sets the headers that say how long and for whom it may be cached.
func (f *file) describe(header http.Header, r *http.Request) {
	header.Set("Vary", "Accept-Encoding")
	header.Set("Cache-Control", "no-cache")
	if r.URL.Query().Get("v") == f.hash {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
}

// write sends the text, compressed for a client that accepts it.
func (f *file) write(w http.ResponseWriter, r *http.Request) {
	text := f.text
	if accepted := strings.ReplaceAll(r.Header.Get("Accept-Encoding"), " ", ""); strings.Contains(accepted, "gzip") && !strings.Contains(accepted, "gzip;q=0") {
		w.Header().Set("Content-Encoding", "gzip")
		text = f.packed
	}
	_, _ = w.Write(text) // a client that has gone needs no file
}
