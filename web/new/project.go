package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// templates holds the files of new projects. The go command ignores directories
// whose names begin with an underscore, so they need not compile as part of the
// kit; tests create projects from them and compile those.
//
//go:embed all:_project all:_signin all:_plain
var templates embed.FS

// example is the module path in the templates.
const example = "example.com/me/app"

// A kind is one of the projects that can be created.
type kind struct {
	files []string // the template's directories: files of a later one replace those before
	tools []string // programs of the kit that it runs: their requirements are also the project's
	next  string   // the first command to run in it
}

var (
	wasmTools   = []string{kit + "/web/dev", kit + "/web/page"}
	withWasm    = kind{[]string{"_project"}, wasmTools, "make dev"}
	withSignIn  = kind{[]string{"_project", "_signin"}, wasmTools, "make dev"}
	withoutWasm = kind{[]string{"_plain"}, nil, "go run ."}
)

// create creates the project.
func create(ctx context.Context, k kind, name, dir string) error {
	if err := checkName(name); err != nil {
		return err
	}
	s, err := find(ctx)
	if err != nil {
		return err
	}
	if dir, err = checkDir(dir, s); err != nil {
		return err
	}
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return err
	}
	// beside the directory, so that it can be renamed
	stage, err := os.MkdirTemp(parent, ".new-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(stage) // nothing to remove once it was renamed
	for _, files := range k.files {
		if err := write(stage, files, name); err != nil {
			return err
		}
	}
	if err := require(ctx, stage, name, k, s); err != nil {
		return err
	}
	return publish(stage, dir)
}

// checkName refuses paths that could be a package of the standard library or of
// the kit. The go command refuses other wrong paths.
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

// checkDir returns the directory's absolute path.
func checkDir(dir string, s source) (string, error) {
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
	case s.checkout && within(resolved(abs), resolved(s.dir)):
		return "", fmt.Errorf("%s is in the kit's own checkout: a project is a module of its own, as ../app", dir)
	}
	return abs, nil
}

// resolved resolves the symbolic links in the part of a path that exists.
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

// write writes the project's files with the module's path. Files that git or make
// would use in the kit's own checkout have an underscore for their dot there.
func write(dir, files, name string) error {
	return fs.WalkDir(templates, files, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		below := strings.TrimPrefix(strings.TrimPrefix(file, files), "/")
		target := filepath.Join(dir, filepath.FromSlash(strings.Replace(below, "_gitignore", ".gitignore", 1)))
		if entry.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		text, err := templates.ReadFile(file)
		if err != nil {
			return err
		}
		return os.WriteFile(target, []byte(strings.ReplaceAll(string(text), example, name)), 0o644)
	})
}

// publish renames the finished project to its directory.
func publish(stage, dir string) error {
	if err := os.Chmod(stage, 0o755); err != nil { // temporary directories are private
		return err
	}
	// An empty directory is removed first. If it has files by now, that fails.
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.Rename(stage, dir)
}
