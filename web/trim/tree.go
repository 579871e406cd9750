package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// A tree is what a directory shall hold, by the files' names with slashes.
type tree map[string][]byte

// mark is a file that only copies have.
const mark = "page.mod"

// write makes a directory hold the tree and nothing else, and returns how many
// files it had to write for that. It leaves a directory alone that holds
// something else than a copy.
func (t tree) write(dir string) (written int, err error) {
	if err := claim(dir); err != nil {
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

// claim makes the directory and marks it.
func claim(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	name := filepath.Join(dir, mark)
	if _, err := os.Stat(name); err == nil {
		return nil
	}
	if len(entries) > 0 {
		return fmt.Errorf("%s holds files but no copy of go-app, and they would be lost", dir)
	}
	return os.WriteFile(name, nil, 0o644)
}

// put writes a file unless it holds the text already, so that its time stays
// and Go need not read it again.
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
