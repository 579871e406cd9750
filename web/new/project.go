package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// project holds the files of a new project. The go command passes over
// directories whose names begin with an underscore, so they need not compile as
// part of the kit; a test makes a project of them and compiles that.
//
//go:embed all:_project
var project embed.FS

const (
	kit = "github.com/seawaykit/seaway"
	// example is the module that the files were written for.
	example = "example.com/me/app"
)

// create makes the project.
func create(name, dir string) error {
	if err := checkName(name); err != nil {
		return err
	}
	checkout, err := locate()
	if err != nil {
		return err
	}
	if dir, err = checkDir(dir, checkout); err != nil {
		return err
	}
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return err
	}
	// Beside the directory, so that it can be renamed.
	stage, err := os.MkdirTemp(parent, ".new-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(stage) // nothing, once it was renamed
	if err := write(stage, name); err != nil {
		return err
	}
	if err := require(stage, name, checkout); err != nil {
		return err
	}
	return publish(stage, dir)
}

// checkName refuses what could be taken for a package of the standard library or
// of the kit. The go command refuses the rest.
func checkName(name string) error {
	host, _, _ := strings.Cut(name, "/")
	switch {
	case !strings.Contains(host, "."):
		return fmt.Errorf("%q is not a module's path: it begins with a host, as %s does", name, example)
	case name == kit || strings.HasPrefix(name, kit+"/"):
		return fmt.Errorf("%q is the kit's own", name)
	}
	return nil
}

// checkDir returns the directory's absolute name.
func checkDir(dir, checkout string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	entries, err := os.ReadDir(abs)
	switch {
	case err == nil && len(entries) > 0:
		return "", fmt.Errorf("%s exists and is not empty", dir)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("%s is not a directory that can be made: %w", dir, err)
	case within(resolved(abs), resolved(checkout)):
		return "", fmt.Errorf("%s is in the kit's own checkout: a project is a module of its own, as ../app", dir)
	}
	return abs, nil
}

// resolved follows the links in the part of a path that exists.
func resolved(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	parent := filepath.Dir(path)
	if parent == path {
		return path
	}
	return filepath.Join(resolved(parent), filepath.Base(path))
}

func within(path, dir string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && filepath.IsLocal(rel)
}

// write writes the project's files under the module's name. Files that would be
// obeyed in the kit's own checkout have an underscore for their dot there.
func write(dir, name string) error {
	return fs.WalkDir(project, "_project", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		below := strings.TrimPrefix(strings.TrimPrefix(file, "_project"), "/")
		target := filepath.Join(dir, filepath.FromSlash(strings.Replace(below, "_gitignore", ".gitignore", 1)))
		if entry.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		text, err := project.ReadFile(file)
		if err != nil {
			return err
		}
		return os.WriteFile(target, []byte(strings.ReplaceAll(string(text), example, name)), 0o644)
	})
}

// publish gives the finished project its name.
func publish(stage, dir string) error {
	if err := os.Chmod(stage, 0o755); err != nil { // a temporary one is private
		return err
	}
	// An empty directory is in the way. If it has filled meanwhile it stays.
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.Rename(stage, dir)
}
