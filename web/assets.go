package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// assets is a fixed set of files by name, without the prefix of their address.
type assets struct {
	files   map[string]*file
	version string
}

// load lists the files of all trees. A tree must not change afterwards and its
// files must be seekable, as those of every tree in the standard library are.
// Names that begin with a dot are left out.
func load(trees ...fs.FS) (*assets, error) {
	a := &assets{files: map[string]*file{}}
	for _, tree := range trees {
		if err := a.add(tree); err != nil {
			return nil, err
		}
	}
	a.version = a.digest()
	return a, nil
}

func (a *assets) add(tree fs.FS) error {
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

// digest covers the plain files alone: how well they were packed makes no
// difference to a page.
func (a *assets) digest() string {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(a.files)) {
		fmt.Fprintf(h, "%s %s\n", name, a.files[name].hash)
	}
	return short(h.Sum(nil))
}

func (a *assets) url(path string) string {
	f, ok := a.files[strings.TrimPrefix(path, Prefix)]
	if !ok || !strings.HasPrefix(path, Prefix) {
		return path
	}
	return path + "?v=" + f.hash
}

func (a *assets) wasmSize() int64 {
	if f, ok := a.files[app]; ok {
		return f.plain().size
	}
	return 0
}

// short cuts a digest to 64 bits: enough against accidents, and nobody gains by
// a forgery of his own files.
func short(sum []byte) string { return hex.EncodeToString(sum[:8]) }
