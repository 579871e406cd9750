//go:build !js

package goapp

import (
	"bytes"
	"net/http"
	"strings"
)

// generated are the files that go-app makes once for each Version. Those that are
// loaded at an address with a hash of their content come first: the service worker
// names them.
var generated = []string{"/app.js", "/app.css", "/wasm_exec.js", "/manifest.webmanifest", "/app-worker.js"}

// hashed are those that a page, and the service worker, load at such an address. The
// addresses of the other two are what browsers know them by.
var hashed = generated[:3]

// generatedFiles are the files by path.
type generatedFiles map[string]*generatedFile

// A generatedFile is one of them, plain and compressed.
type generatedFile struct{ *file }

// newGeneratedFiles has go-app make its files. What they name is replaced by where it is.
// If the page is started by a script of a package, its own does not start it.
func newGeneratedFiles(h http.Handler, at root, started bool) generatedFiles {
	files := generatedFiles{}
	for _, path := range generated {
		made := &bufferedPage{header: http.Header{}, status: http.StatusOK}
		h.ServeHTTP(made, &http.Request{Method: http.MethodGet, URL: pathURL(path), Header: http.Header{}})
		text := made.body.Bytes()
		switch {
		case path == "/app-worker.js":
			text = files.address(text)
		case path == "/app.js" && started:
			text = withoutStart(text)
		}
		text = at.generated(path, text)
		files[path] = &generatedFile{newFile(path, made.header.Get("Content-Type"), text)}
	}
	return files
}

// address replaces the paths of files in a text by their addresses. Paths stand in
// quotation marks there.
func (f generatedFiles) address(text []byte) []byte {
	for _, path := range hashed {
		text = bytes.ReplaceAll(text, []byte(`"`+path+`"`), []byte(`"`+path+"?v="+f[path].hash+`"`))
	}
	return text
}

// ServeHTTP serves a file. Under its own address it may be cached for ever; a page of
// another version gets the present one.
func (f *generatedFile) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", f.media)
	// One name for both encodings: each has the same content.
	header.Set("ETag", `W/"`+f.hash+`"`)
	f.describe(header, r)
	if strings.Contains(r.Header.Get("If-None-Match"), `"`+f.hash+`"`) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	f.write(w, r)
}
