package web

import (
	"embed"
	"io/fs"
	"net/http"
	"sync"
)

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
