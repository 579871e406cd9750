package guide

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"time"

	"github.com/seawaykit/seaway/web/assets"
)

// A page is a document that does not change while the program runs.
type page struct {
	plain, zipped []byte
	hash          string
}

func newPage(document []byte) *page {
	sum := sha256.Sum256(document)
	var zipped bytes.Buffer
	zip, _ := gzip.NewWriterLevel(&zipped, gzip.BestCompression) // a valid level
	_, _ = zip.Write(document)                                   // a buffer takes everything
	_ = zip.Close()
	return &page{plain: document, zipped: zipped.Bytes(), hash: hex.EncodeToString(sum[:8])}
}

// serve answers with the page, or 304 if the client has it.
func (p *page) serve(w http.ResponseWriter, r *http.Request, status int) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	h.Set("Vary", "Accept-Encoding")
	body, tag := p.plain, p.hash
	if assets.Negotiate(r.Header, "gzip") == "gzip" {
		body, tag = p.zipped, p.hash+"-gzip"
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if status != http.StatusOK {
		w.WriteHeader(status)
		_, _ = w.Write(body) // a client that has gone needs no answer
		return
	}
	h.Set("ETag", strconv.Quote(tag))
	// ServeContent handles conditions and HEAD. A range would be one of the packed bytes.
	r = r.Clone(r.Context())
	r.Header.Del("Range")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}
