package live

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/seawaykit/seaway/web/assets"
)

// compress compresses documents as they are rendered, to a fifth of their size,
// unless their handler has: see [packer]. It is for documents only. Files are
// compressed when they are built; a stream would cost 800 KiB, and its frames would
// be held back; generated files have an ETag, which would name two encodings: see
// documents. A page that holds a secret of its user beside text of others would
// reveal it by its length (the BREACH attack).
func compress(documents http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Accept-Encoding")
		// A handler that has its answer compressed already sees what was negotiated.
		r = r.Clone(r.Context())
		if assets.Negotiate(r.Header, "gzip") != "gzip" || r.Header.Get("Upgrade") != "" {
			r.Header.Del("Accept-Encoding")
			documents.ServeHTTP(w, r)
			return
		}
		r.Header.Set("Accept-Encoding", "gzip")
		p := &packer{ResponseWriter: w}
		documents.ServeHTTP(p, r)
		p.end()
	})
}

// gzips are compressors that are not in use. A new one allocates 800 KiB, and takes
// as long as it takes to compress a small page.
var gzips = sync.Pool{New: func() any { return gzip.NewWriter(io.Discard) }}

// A packer is the ResponseWriter of an answer that is compressed, if its handler has
// not set a Content-Encoding and it has a body.
type packer struct {
	http.ResponseWriter
	begun bool
	gzip  *gzip.Writer // nil unless the answer is compressed
}

// WriteHeader implements [http.ResponseWriter].
func (p *packer) WriteHeader(status int) {
	if !p.begun && status >= http.StatusOK {
		p.begin(status)
	}
	p.ResponseWriter.WriteHeader(status)
}

func (p *packer) begin(status int) {
	p.begun = true
	header := p.Header()
	if header.Get("Content-Encoding") != "" || status == http.StatusNoContent || status == http.StatusNotModified {
		return
	}
	header.Set("Content-Encoding", "gzip")
	header.Del("Content-Length")
	p.gzip = gzips.Get().(*gzip.Writer)
	p.gzip.Reset(p.ResponseWriter)
}

// Write implements [http.ResponseWriter]. As net/http does, it detects the content
// type of an answer that does not name one.
func (p *packer) Write(b []byte) (int, error) {
	if !p.begun {
		if header := p.Header(); header.Get("Content-Type") == "" && header.Get("Content-Encoding") == "" {
			header.Set("Content-Type", http.DetectContentType(b))
		}
		p.WriteHeader(http.StatusOK)
	}
	if p.gzip == nil {
		return p.ResponseWriter.Write(b)
	}
	return p.gzip.Write(b)
}

// FlushError implements the method of [http.ResponseController].
func (p *packer) FlushError() error {
	if !p.begun {
		p.WriteHeader(http.StatusOK)
	}
	if p.gzip != nil {
		if err := p.gzip.Flush(); err != nil {
			return err
		}
	}
	return http.NewResponseController(p.ResponseWriter).Flush()
}

// Flush implements [http.Flusher].
func (p *packer) Flush() { _ = p.FlushError() }

// Unwrap is for [http.ResponseController].
func (p *packer) Unwrap() http.ResponseWriter { return p.ResponseWriter }

// end completes the answer. It is not called after a panic, which cuts the answer.
func (p *packer) end() {
	if p.gzip != nil {
		_ = p.gzip.Close() // the client has gone if this fails
		gzips.Put(p.gzip)
	}
}

// generated reports whether a path is a file that go-app generates once for
// each version of the page: scripts, styles and the manifest, but not
// documents.
func generated(path string) bool {
	for _, suffix := range []string{".js", ".css", ".webmanifest"} {
		if strings.HasSuffix(path, suffix) {
			return true
		}
	}
	return false
}
