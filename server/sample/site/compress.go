package site

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gorilla/handlers"
)

// compress packs pages as they are drawn: text of the same few names, of which a
// fifth is left. It is for documents only. Files are packed when they are built;
// a stream would cost 800 KiB, and its frames would wait for each other; what
// go-app generates has an ETag, which would name two forms: see documents. A page holds nothing
// of its reader's own, so its length tells a listener nothing (the BREACH attack
// needs a secret beside what the attacker writes).
func compress(documents http.Handler) http.Handler {
	packed := handlers.CompressHandler(documents)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// gorilla's handler takes the first coding it knows, whatever its weight,
		// and its deflate has no zlib header, which RFC 9110 (section 8.4.1.2) asks for.
		if r = r.Clone(r.Context()); takesGzip(r.Header.Values("Accept-Encoding")) {
			r.Header.Set("Accept-Encoding", "gzip")
		} else {
			r.Header.Del("Accept-Encoding")
		}
		packed.ServeHTTP(w, r)
	})
}

// generated reports whether go-app makes what is at a path, once for each
// version of the page: scripts, styles and the manifest, but no document.
func generated(path string) bool {
	for _, suffix := range []string{".js", ".css", ".webmanifest"} {
		if strings.HasSuffix(path, suffix) {
			return true
		}
	}
	return false
}

// takesGzip reads Accept-Encoding (RFC 9110, section 12.5.3). What it does not
// understand costs its client the compression, not the page.
func takesGzip(lines []string) bool {
	for element := range strings.SplitSeq(strings.Join(lines, ","), ",") {
		coding, weight, weighed := strings.Cut(strings.ReplaceAll(element, " ", ""), ";q=")
		if !strings.EqualFold(coding, "gzip") && !strings.EqualFold(coding, "x-gzip") {
			continue
		}
		q, err := strconv.ParseFloat(weight, 64)
		return !weighed || (err == nil && q > 0)
	}
	return false
}
