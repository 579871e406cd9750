//go:build !js

package live

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/seawaykit/seaway/shared/fault"
)

// An answer is what a page was answered with. It is the ResponseWriter that the page is
// drawn to, apart from the request's own: that has the cookies of one user.
type answer struct {
	header http.Header
	status int // 0 if there is no answer, since the client has gone
	body   bytes.Buffer

	tag    string // empty unless it is complete
	packed []byte
}

// Header implements [http.ResponseWriter].
func (a *answer) Header() http.Header { return a.header }

// WriteHeader implements [http.ResponseWriter].
func (a *answer) WriteHeader(status int) { a.status = cmp.Or(a.status, status) }

// Write implements [http.ResponseWriter].
func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(b)
}

// gzips are compressors that are not in use: a new one allocates 800 KiB.
var gzips = sync.Pool{New: func() any { return gzip.NewWriter(io.Discard) }}

// makePrivate makes it an answer to one request, with what the page may know of its user.
func (a *answer) makePrivate(d *drawing) {
	a.header.Set("Cache-Control", "private, no-store")
	a.header.Add("Vary", "Cookie")
	if d.err != nil {
		e, known := fault.From(d.err)
		if !known {
			slog.Error("a page's user is not known", "path", d.request.URL.Path, "error", d.err)
		}
		a.status = e.Status()
		a.header.Set("Content-Type", "text/plain; charset=utf-8")
		a.body.Reset()
		a.body.WriteString(e.Message + "\n")
		return
	}
	if head, body, found := bytes.Cut(bytes.Clone(a.body.Bytes()), []byte("</head>")); found && d.user != nil {
		a.body.Reset()
		a.body.Write(head)
		a.body.WriteString(userElement(d.user) + "</head>")
		a.body.Write(body)
	}
}

// complete compresses and names the answer, once, for all that it is sent to. The name
// is weak, since it stands for both encodings.
func (a *answer) complete() {
	var packed bytes.Buffer
	z := gzips.Get().(*gzip.Writer)
	defer gzips.Put(z)
	z.Reset(&packed)
	_, _ = z.Write(a.body.Bytes()) // a buffer takes everything
	_ = z.Close()
	a.packed = slices.Clip(packed.Bytes())
	a.tag = fmt.Sprintf(`W/"%.16x"`, sha256.Sum256(a.body.Bytes()))
}

func (a *answer) size() int { return a.body.Len() + len(a.packed) }

// serve sends the answer. Errors are ignored: the client has gone.
func (a *answer) serve(w http.ResponseWriter, r *http.Request) {
	header, body := w.Header(), a.body.Bytes()
	maps.Copy(header, a.header)
	if a.tag != "" {
		header.Set("ETag", a.tag)
		if !slices.Contains(header.Values("Vary"), "Accept-Encoding") {
			header.Add("Vary", "Accept-Encoding")
		}
		if matches(r.Header.Get("If-None-Match"), a.tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		// That is what package server/live makes of what the client accepts. On another
		// server its middleware compresses.
		if r.Header.Get("Accept-Encoding") == "gzip" {
			header.Set("Content-Encoding", "gzip")
			body = a.packed
		}
		header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	if a.status == 0 { // the client has gone
		return
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(body)
}

// matches reports whether an If-None-Match has the tag.
func matches(header, tag string) bool {
	for one := range strings.SplitSeq(header, ",") {
		if strings.TrimPrefix(strings.TrimSpace(one), "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}
