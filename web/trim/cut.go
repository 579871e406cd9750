package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
)

// goApp is the module that is trimmed.
const goApp = "github.com/maxence-charriere/go-app/v10"

// A cut is what one file of go-app loses.
type cut struct {
	file string // below the module's directory
	// decls are left out, a type with its methods, and a single method as in
	// "router.route"; the whole file if there are none.
	decls []string
	// instead has stand-ins for packages that the file imports.
	instead map[string]string
}

// server is what only a server needs: all that go-app imports net/http for.
var server = []cut{
	{file: "pkg/app/http.go"},
	{file: "pkg/app/resource.go", decls: []string{
		"LocalDir", "localResourceResolver", "PrefixedLocation", "prefixedResourceResolver", "GitHubPages",
	}},
	{file: "pkg/app/wasm.go", decls: []string{"GenerateStaticWebsite"}},
}

// byPattern is the one function that brings patterns into a page.
const byPattern = "RouteWithRegexp"

// patterns are routes by regular expression: 90 KB of brotli that most pages do
// not use. The router keeps its empty list of them, of a type that matches
// nothing.
var patterns = []cut{
	{file: "pkg/app/app.go", decls: []string{byPattern}},
	{
		file: "pkg/app/route.go", decls: []string{"router.routeWithRegexp"},
		instead: map[string]string{"regexp": goApp + "/pkg/regexp"},
	},
}

// standIns are files that go-app does not have.
var standIns = map[string]string{
	"pkg/regexp/regexp.go": `// Package regexp stands in for the standard library's in a page that routes
// nothing by pattern.
package regexp

// A Regexp is never made.
type Regexp struct{}

// MatchString matches nothing.
func (*Regexp) MatchString(string) bool { return false }
`,
}

// apply returns the file's text without what the cut names, nil if that is all
// of it.
func (c cut) apply(text []byte) ([]byte, error) {
	if c.decls == nil {
		return nil, nil
	}
	files := token.NewFileSet()
	syntax, err := parser.ParseFile(files, c.file, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	gone, kept := c.parted(syntax)
	if missing := c.missing(gone); len(missing) > 0 {
		return nil, fmt.Errorf("it does not declare %s", strings.Join(missing, ", "))
	}
	e := edits{file: files.File(syntax.Pos()), text: text}
	for _, d := range gone {
		e.remove(d)
	}
	c.imports(&e, kept, mentioned(gone), mentioned(kept))
	return e.done()
}

// parted returns the declarations that the cut names and the others.
func (c cut) parted(syntax *ast.File) (gone, kept []ast.Decl) {
	for _, d := range syntax.Decls {
		name, of := declared(d)
		if slices.Contains(c.decls, name) || slices.Contains(c.decls, of) {
			gone = append(gone, d)
		} else {
			kept = append(kept, d)
		}
	}
	return gone, kept
}

// missing returns what the cut names and the file does not have.
func (c cut) missing(gone []ast.Decl) []string {
	return slices.DeleteFunc(slices.Clone(c.decls), func(name string) bool {
		return slices.ContainsFunc(gone, func(d ast.Decl) bool {
			is, _ := declared(d)
			return is == name
		})
	})
}

// declared returns the name of a declaration, as "type.method" if it is one,
// and the method's type. Declarations of several names in one are none of them:
// go-app has none that matters here.
func declared(d ast.Decl) (name, of string) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			return d.Name.Name, ""
		}
		of = receiver(d.Recv.List[0].Type)
		return of + "." + d.Name.Name, of
	case *ast.GenDecl:
		if len(d.Specs) == 1 {
			if t, ok := d.Specs[0].(*ast.TypeSpec); ok {
				return t.Name.Name, ""
			}
		}
	}
	return "", ""
}

func receiver(e ast.Expr) string {
	if star, ok := e.(*ast.StarExpr); ok {
		e = star.X
	}
	if name, ok := e.(*ast.Ident); ok {
		return name.Name
	}
	return ""
}

// mentioned returns every name in the declarations, imports excepted.
func mentioned(decls []ast.Decl) map[string]bool {
	names := map[string]bool{}
	for _, d := range decls {
		ast.Inspect(d, func(n ast.Node) bool {
			if name, ok := n.(*ast.Ident); ok {
				names[name.Name] = true
			}
			_, imported := n.(*ast.ImportSpec)
			return !imported
		})
	}
	return names
}

// imports drops what only declarations that are gone have used, and puts the
// stand-ins in. Where it errs, the copy does not compile, and trim says so.
func (c cut) imports(e *edits, decls []ast.Decl, gone, kept map[string]bool) {
	for _, d := range decls {
		group, ok := d.(*ast.GenDecl)
		if !ok || group.Tok != token.IMPORT {
			continue
		}
		left := len(group.Specs)
		for _, s := range group.Specs {
			spec := s.(*ast.ImportSpec)
			name := importName(spec)
			switch other, replaced := c.instead[importPath(spec)]; {
			case gone[name] && !kept[name]:
				e.remove(spec)
				left--
			case replaced:
				e.replace(spec.Path, strconv.Quote(other))
			}
		}
		if left == 0 {
			e.remove(group)
		}
	}
}

func importName(spec *ast.ImportSpec) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	return path.Base(importPath(spec))
}

func importPath(spec *ast.ImportSpec) string {
	p, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		panic(err) // the parser has checked it
	}
	return p
}
