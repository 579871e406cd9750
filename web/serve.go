package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	// checked makes a browser ask before it uses what it has.
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
	i := choose(f.offered(r), r.Header.Values("Accept-Encoding"))
	if i < 0 {
		http.Error(w, "there is no form of this file in a coding that you accept", http.StatusNotAcceptable)
		return
	}
	form := f.offered(r)[i]
	body, err := form.open()
	if err != nil { // the files are in the program: only a test can get here
		http.Error(w, "the file cannot be read", http.StatusInternalServerError)
		return
	}
	defer body.Close()
	f.describe(w.Header(), form, r.URL.Query().Get("v"))
	// It knows all conditions, ranges and HEAD. There is no time: a file in a
	// program has none, and the ETag is exact.
	http.ServeContent(w, r, "", time.Time{}, body)
}

// offered returns the forms that can answer a request. A range counts bytes of
// the file itself, which is what a client that resumes or samples one means: it
// is cut from the plain form alone.
func (f *file) offered(r *http.Request) []form {
	if r.Header.Get("Range") != "" {
		return f.forms[len(f.forms)-1:]
	}
	return f.forms
}

// describe sets the headers of one form. v is the content the address asked
// for, if it did.
func (f *file) describe(h http.Header, form form, v string) {
	etag := f.hash
	if form.coding != identity {
		etag += "-" + form.coding
		h.Set("Content-Encoding", form.coding)
		// ServeContent leaves the length of a packed form to its caller.
		h.Set("Content-Length", strconv.FormatInt(form.size, 10))
	}
	h.Set("ETag", strconv.Quote(etag))
	h.Set("Content-Type", f.media)
	h.Set("Cache-Control", checked)
	if v == f.hash {
		h.Set("Cache-Control", forever)
	}
}
