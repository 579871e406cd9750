// Package web holds the files a browser fetches and serves them out of the
// program itself: the built page, app.wasm, and what lies in static.
//
// # Promises
//
//   - What is served never changes while the program runs. A binary carries the
//     files it was built with and reads none from a disk.
//   - An address from [URL] names one content for ever and may be cached as
//     long. The bare address of a file is always checked with the server, which
//     answers 304 if nothing changed.
//   - No file is compressed while somebody waits for it. The wasm is packed when
//     it is built, by web/pack; texts of a few kilobytes are packed once, when
//     the program starts. A packed form that does not belong to its file, left
//     over from an older build, is ignored.
//   - There are no directory listings, and nothing but the files listed at start
//     can be named by a request: paths are looked up, not opened.
//
// A program built before the page still compiles and runs; [HasApp] then
// reports false.
package web

import (
	"embed"
	"io/fs"
	"net/http"
	"sync"
)

// Prefix is where the handler of [Files] belongs: go-app asks for its files
// there.
const Prefix = "/web/"

// app is the page's name, below Prefix.
const app = "app.wasm"

//go:embed all:build all:static
var embedded embed.FS

// files is read on first use, so that a program that only shares a dependency
// with this package does not pay for hashing the wasm, about 30 ms.
var files = sync.OnceValue(func() *assets {
	var trees []fs.FS
	for _, dir := range []string{"build", "static"} {
		tree, err := fs.Sub(embedded, dir)
		if err != nil {
			panic("web: " + err.Error()) // impossible: the names are valid
		}
		trees = append(trees, tree)
	}
	a, err := load(trees...)
	if err != nil {
		panic("web: " + err.Error()) // a name in both trees: seen by every test
	}
	return a
})

// Files returns the handler of all embedded files. Mount it at [Prefix].
func Files() http.Handler { return files() }

// URL returns the address of a file with its content in it, as in
// "/web/app.css?v=0f3a9c1e5b7d2846": such an address may be cached for ever.
// A path that names no file is returned as it is.
func URL(path string) string { return files().url(path) }

// Version digests the names and contents of all files: 16 hexadecimal digits,
// equal for equal files and independent of how they were packed.
func Version() string { return files().version }

// WasmSize returns the length of the page before packing, in bytes, which a
// browser needs to show how much of it has arrived; 0 without a page.
func WasmSize() int64 { return files().wasmSize() }

// HasApp reports whether the page was built before this program was.
func HasApp() bool { return files().wasmSize() > 0 }
