package assets

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	// checked makes a browser revalidate what it has.
	checked = "no-cache"
	// forever is for an address that holds its content's hash.
	forever = "public, max-age=31536000, immutable"
)

// ServeHTTP answers GET and HEAD for the files by name.
func (a *Assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "files are fetched by GET", http.StatusMethodNotAllowed)
		return
	}
	f, ok := a.files[strings.TrimPrefix(r.URL.Path, Prefix)]
	if !ok {
		http.NotFound(w, r)
		return
	}
	f.serve(w, r)
}

func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Vary", "Accept-Encoding")
	i := negotiate(f.offered(r), r.Header.Values("Accept-Encoding"))
	if i < 0 {
		http.Error(w, "this file is not available in a coding that you accept", http.StatusNotAcceptable)
		return
	}
	encoding := f.offered(r)[i]
	body, err := encoding.open()
	if err != nil { // the files are in the program: only a test can get here
		http.Error(w, "the file cannot be read", http.StatusInternalServerError)
		return
	}
	defer body.Close()
	f.describe(w.Header(), encoding, r.URL.Query().Get("v"))
	// ServeContent handles conditions, ranges and HEAD. The time is zero: an embedded
	// file has none, and the ETag is exact.
	http.ServeContent(w, r, "", time.Time{}, body)
}

// offered returns the encodings that can answer a request. A range counts bytes of
// the plain file, which is what a client that resumes a download means, so only
// that is used.
func (f *file) offered(r *http.Request) []encoding {
	if r.Header.Get("Range") != "" {
		return f.encodings[len(f.encodings)-1:]
	}
	return f.encodings
}

// describe sets the headers of one encoding. v is the hash in the address, if it
// has one.
func (f *file) describe(h http.Header, encoding encoding, v string) {
	etag := f.hash
	if encoding.coding != identity {
		etag += "-" + encoding.coding
		h.Set("Content-Encoding", encoding.coding)
		// ServeContent does not set the length of a compressed file.
		h.Set("Content-Length", strconv.FormatInt(encoding.size, 10))
	}
	h.Set("ETag", strconv.Quote(etag))
	h.Set("Content-Type", f.media)
	h.Set("Cache-Control", checked)
	if v == f.hash {
		h.Set("Cache-Control", forever)
	}
}
