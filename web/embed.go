// Package web serves the files a browser fetches out of the program itself: the
// built page, app.wasm, and what goes with it. [New] takes a program's own files,
// embedded in it. The package holds the sample's, too, in static and build, and
// the functions without a receiver are about those: who brings his own has none
// of them in his program.
//
// # Promises
//
//   - What is served never changes while the program runs. A binary carries the
//     files it was built with and reads none from a disk.
//   - An address from [Assets.URL] names one content for ever and may be cached as
//     long. The bare address of a file is always checked with the server, which
//     answers 304 if nothing changed.
//   - No file is compressed while somebody waits for it. The wasm is packed when
//     it is built, by web/pack; texts of a few kilobytes are packed once, when
//     the program starts. A packed form that does not belong to its file, left
//     over from an older build, is ignored.
//   - There are no directory listings, and nothing but the files listed at start
//     can be named by a request: paths are looked up, not opened.
//   - Reading the files is done when New returns, and hashing with it, 30 ms for a
//     page of 6 MB. What is wrong with them is its error. Nothing later fails.
//   - Handlers are safe for concurrent use, start no goroutine and need no closing.
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

// sample reads the embedded files on first use: hashing the wasm takes 30 ms. It
// is a function, and not a variable made by [sync.OnceValue], so that the files
// are linked only into programs that ask for them, and not into those that bring
// their own to [New].
func sample() *Assets {
	once.Do(func() {
		var trees []fs.FS
		for _, dir := range []string{"build", "static"} {
			tree, err := fs.Sub(embedded, dir)
			if err != nil {
				panic("web: " + err.Error()) // impossible: the names are valid
			}
			trees = append(trees, tree)
		}
		a, err := New(trees...)
		if err != nil {
			panic("web: " + err.Error()) // a name in both trees: seen by every test
		}
		files = a
	})
	return files
}

var (
	once  sync.Once
	files *Assets
)

// Files returns the handler of all embedded files. Mount it at [Prefix].
func Files() http.Handler { return sample() }

// URL returns the address of an embedded file: see [Assets.URL].
func URL(path string) string { return sample().URL(path) }

// Version digests the embedded files: see [Assets.Version].
func Version() string { return sample().Version() }

// WasmSize returns the length of the embedded page: see [Assets.WasmSize].
func WasmSize() int64 { return sample().WasmSize() }

// HasApp reports whether the page was built before this program was.
func HasApp() bool { return sample().HasApp() }
