package assets

import (
	"mime"
	"path"
	"strings"
)

// media are the content types by ending. The tables of the operating system are
// not used, since they differ, and content is not sniffed.
var media = map[string]string{
	".css":         "text/css; charset=utf-8",
	".html":        "text/html; charset=utf-8",
	".ico":         "image/x-icon",
	".jpg":         "image/jpeg",
	".js":          "text/javascript; charset=utf-8",
	".json":        "application/json",
	".png":         "image/png",
	".svg":         "image/svg+xml",
	".txt":         "text/plain; charset=utf-8",
	".wasm":        "application/wasm",
	".webmanifest": "application/manifest+json",
	".webp":        "image/webp",
	".woff2":       "font/woff2",
	".xml":         "application/xml",
}

// mediaType returns the Content-Type of a file of that name.
func mediaType(name string) string {
	if m, ok := media[path.Ext(name)]; ok {
		return m
	}
	return "application/octet-stream"
}

// isText reports whether content of this type shrinks by compression.
func isText(media string) bool {
	base, _, _ := mime.ParseMediaType(media)
	return strings.HasPrefix(base, "text/") || strings.HasSuffix(base, "json") || strings.HasSuffix(base, "xml")
}
