package assets

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// Prefix is the path at which to mount the handler of [Assets]: go-app requests
// its files there.
const Prefix = "/web/"

// app is the page's name, below Prefix.
const app = "app.wasm"

// Assets is a fixed set of files, with their addresses and the handler that serves
// them: mount it at [Prefix]. Make one with [New]. It is safe for concurrent use.
type Assets struct {
	files   map[string]*file // by name, without the prefix of their address
	version string
}

// New returns the files of all trees, normally the embedded ones of a program: the
// built page, app.wasm with its packed encodings, and its static files. A tree
// must not change afterwards and its files must be seekable, as they are in every
// tree of the standard library. Names that begin with a dot are left out. A name
// in two trees, and a file that cannot be read, are errors.
func New(trees ...fs.FS) (*Assets, error) {
	a := &Assets{files: map[string]*file{}}
	for _, tree := range trees {
		if err := a.add(tree); err != nil {
			return nil, err
		}
	}
	a.version = a.digest()
	return a, nil
}

func (a *Assets) add(tree fs.FS) error {
	return fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name == ".":
			return nil
		case strings.HasPrefix(entry.Name(), "."):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir() || isCompanion(tree, name):
			return nil
		}
		if _, taken := a.files[name]; taken {
			return fmt.Errorf("%s is in two trees", name)
		}
		a.files[name], err = newFile(tree, name)
		return err
	})
}

// digest hashes the plain files only: how they were packed makes no difference to
// a page.
func (a *Assets) digest() string {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(a.files)) {
		fmt.Fprintf(h, "%s %s\n", name, a.files[name].hash)
	}
	return short(h.Sum(nil))
}

// URL returns the address of a file with a hash of its content, as in
// "/web/app.css?v=0f3a9c1e5b7d2846", which may be cached for ever. A path that
// names no file is returned as it is.
func (a *Assets) URL(path string) string {
	f, ok := a.files[strings.TrimPrefix(path, Prefix)]
	if !ok || !strings.HasPrefix(path, Prefix) {
		return path
	}
	return path + "?v=" + f.hash
}

// Version returns a hash of the names and contents of all files: 16 hexadecimal
// digits, independent of how they were packed.
func (a *Assets) Version() string { return a.version }

// HasApp reports whether the page is among the files.
func (a *Assets) HasApp() bool { return a.WasmSize() > 0 }

// WasmSize returns the length of the unpacked page in bytes, which a browser needs
// to show how much has arrived; 0 without a page.
func (a *Assets) WasmSize() int64 {
	if f, ok := a.files[app]; ok {
		return f.plain().size
	}
	return 0
}

// short cuts a hash to 64 bits: enough against accidents, and an operator gains
// nothing by forging files.
func short(sum []byte) string { return hex.EncodeToString(sum[:8]) }
