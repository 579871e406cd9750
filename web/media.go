package web

import (
	"mime"
	"path"
	"strings"
)

// media are the types of the files a page is made of. They are not looked up in
// the host's tables, which differ, nor guessed from the content.
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

// isText reports whether content of that type gets shorter by packing.
func isText(media string) bool {
	base, _, _ := mime.ParseMediaType(media)
	return strings.HasPrefix(base, "text/") || strings.HasSuffix(base, "json") || strings.HasSuffix(base, "xml")
}
