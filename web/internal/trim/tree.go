package trim

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// A tree is the wanted content of a directory, by the files' names with slashes.
type tree map[string][]byte

// markerFile is a file that only copies have.
const markerFile = "page.mod"

// write makes a directory hold the tree and nothing else, and returns how many
// files it has written. A directory that holds anything but a copy is an error,
// and left alone.
func (t tree) write(dir string) (written int, err error) {
	if err := prepare(dir); err != nil {
		return 0, err
	}
	for name, text := range t {
		changed, err := put(filepath.Join(dir, filepath.FromSlash(name)), text)
		if err != nil {
			return written, err
		}
		if changed {
			written++
		}
	}
	return written, t.clear(dir)
}

// prepare creates the directory with its marker file.
func prepare(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	name := filepath.Join(dir, markerFile)
	if _, err := os.Stat(name); err == nil {
		return nil
	}
	if len(entries) > 0 {
		return fmt.Errorf("%s holds files but no copy of go-app, and they would be lost", dir)
	}
	return os.WriteFile(name, nil, 0o644)
}

// put writes a file unless it has the text already, so that its time stays and Go
// need not read it again.
func put(name string, text []byte) (changed bool, err error) {
	if is, err := os.ReadFile(name); err == nil && bytes.Equal(is, text) {
		return false, nil
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return false, err
	}
	return true, os.WriteFile(name, text, 0o644)
}

// clear removes the files that are not in the tree.
func (t tree) clear(dir string) error {
	return filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		if _, belongs := t[filepath.ToSlash(rel)]; belongs {
			return nil
		}
		return os.Remove(name)
	})
}
