package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// A page is what the go command links one from, for the browser, each package
// after those that it imports.
type page []listed

// listed is a package in the words of go list.
type listed struct {
	ImportPath, Dir  string
	GoFiles, Imports []string
	Module           *module
}

type module struct{ Path, Version, Dir, GoMod string }

// list returns the page of a package, with the module's own go.mod if there is
// no other.
func list(pkg, modfile string) (p page, err error) {
	out, err := browser("list", modfile, "-deps", "-json=ImportPath,Dir,GoFiles,Imports,Module", pkg)
	if err != nil {
		return nil, err
	}
	for lines := json.NewDecoder(bytes.NewReader(out)); ; {
		var next listed
		switch err := lines.Decode(&next); {
		case errors.Is(err, io.EOF):
			return p, nil
		case err != nil:
			return nil, fmt.Errorf("go list: %w", err)
		}
		p = append(p, next)
	}
}

// browser runs a verb of the go command for the browser's platform. What it
// prints about an error becomes the error.
func browser(verb, modfile string, args ...string) ([]byte, error) {
	if modfile != "" {
		args = append([]string{"-modfile=" + modfile}, args...)
	}
	cmd := exec.Command("go", append([]string{verb}, args...)...)
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	out, err := cmd.Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) && len(failed.Stderr) > 0 {
		return nil, fmt.Errorf("go %s:\n%s", verb, bytes.TrimSpace(failed.Stderr))
	}
	return out, err
}

// library returns the packages of go-app that the page is made of.
func (p page) library() page {
	return slices.DeleteFunc(slices.Clone(p), func(l listed) bool { return !l.ours() })
}

func (l listed) ours() bool { return l.Module != nil && l.Module.Path == goApp }

// mentions reports whether code that uses go-app mentions a name. A comment is
// no mention.
func (p page) mentions(name string) (bool, error) {
	for _, l := range p {
		if l.ours() || !slices.ContainsFunc(l.Imports, func(i string) bool { return strings.HasPrefix(i, goApp+"/") }) {
			continue
		}
		for _, file := range l.GoFiles {
			syntax, err := parser.ParseFile(token.NewFileSet(), filepath.Join(l.Dir, file), nil, parser.SkipObjectResolution)
			if err != nil {
				return false, err
			}
			if mentioned(syntax.Decls)[name] {
				return true, nil
			}
		}
	}
	return false, nil
}

// way returns the imports that lead from the page's own package, the last, to
// another; nil if the page does not hold it.
func (p page) way(to string) (way []string) {
	if !slices.ContainsFunc(p, func(l listed) bool { return l.ImportPath == to }) {
		return nil
	}
	way = []string{to}
	for _, l := range p { // whoever imports a package comes after it
		if slices.Contains(l.Imports, way[0]) {
			way = slices.Insert(way, 0, l.ImportPath)
		}
	}
	return way
}
