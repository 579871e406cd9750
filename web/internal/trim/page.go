package trim

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seawaykit/seaway/web/internal/gotool"
)

// A page is the packages that a page is linked from, in the browser, each after
// those that it imports.
type page []listed

// listed is a package as go list prints it.
type listed struct {
	ImportPath, Dir  string
	GoFiles, Imports []string
	Module           *module
}

type module struct {
	Path, Version, Dir, GoMod string
	Replace                   *module // its replacement, whose Dir and GoMod these are
}

// list returns the packages of a page, with the module's own go.mod if modfile is
// empty.
func list(ctx context.Context, pkg, modfile string) (p page, err error) {
	out, err := browser(ctx, "list", modfile, "-deps", "-json=ImportPath,Dir,GoFiles,Imports,Module", pkg)
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

// browser runs a verb of the go command for the browser's platform.
func browser(ctx context.Context, verb, modfile string, args ...string) ([]byte, error) {
	if modfile != "" {
		args = append([]string{"-modfile=" + modfile}, args...)
	}
	return gotool.Command{Env: gotool.Browser}.Output(ctx, append([]string{verb}, args...)...)
}

// library returns the packages of go-app in the page.
func (p page) library() page {
	return slices.DeleteFunc(slices.Clone(p), func(l listed) bool { return !l.ours() })
}

func (l listed) ours() bool { return l.Module != nil && l.Module.Path == goApp }

// mentions reports whether code that uses go-app mentions a name, outside of
// comments.
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

// importChain returns the imports that lead from the page's own package, the last
// of p, to another; nil if the page does not contain it.
func (p page) importChain(to string) (way []string) {
	if !slices.ContainsFunc(p, func(l listed) bool { return l.ImportPath == to }) {
		return nil
	}
	way = []string{to}
	for _, l := range p { // importers come after the package
		if slices.Contains(l.Imports, way[0]) {
			way = slices.Insert(way, 0, l.ImportPath)
		}
	}
	return way
}
