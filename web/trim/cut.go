package main

import (
	"embed"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
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
	// "router.route". Without them, and with nothing instead, it is the whole file.
	decls []string
	// instead has stand-ins for packages that the file imports.
	instead map[string]string
	// added is put at the file's end, for what else needs the decls.
	added string
}

// A saving is what a page can do without, all of it or nothing.
type saving struct {
	cuts []cut
	// unless the page mentions one of these. None are mentioned where the cuts
	// take nothing away.
	unless []string
	// drops are packages that go-app no longer imports then.
	drops []string
}

// savings are all there are. What each is worth is in ARCHITECTURE.md.
var savings = []saving{server, patterns, encryption, identifiers}

// server is what only a server needs: all that go-app imports net/http for.
var server = saving{
	drops: []string{netHTTP},
	cuts: []cut{
		{file: "pkg/app/http.go"},
		{file: "pkg/app/resource.go", decls: []string{
			"LocalDir", "localResourceResolver", "PrefixedLocation", "prefixedResourceResolver", "GitHubPages",
		}},
		{file: "pkg/app/wasm.go", decls: []string{"GenerateStaticWebsite"}},
	},
}

// netHTTP is the one package that no page may hold at all.
const netHTTP = "net/http"

// patterns are routes by regular expression. The router keeps its empty list of
// them, of a type that matches nothing.
var patterns = saving{
	unless: []string{"RouteWithRegexp"},
	drops:  []string{"regexp"},
	cuts: []cut{
		{file: "pkg/app/app.go", decls: []string{"RouteWithRegexp"}},
		{
			file: "pkg/app/route.go", decls: []string{"router.routeWithRegexp"},
			instead: map[string]string{"regexp": goApp + "/pkg/regexp"},
		},
	},
}

// encryption is AES for values in the browser's storage. States that are kept
// without it have a field and a branch for it all the same, so that the two
// functions stay and fail.
var encryption = saving{
	unless: []string{"Encrypt", "Decrypt", "PersistWithEncryption"},
	drops:  []string{"crypto/aes", "crypto/cipher"},
	cuts: []cut{{
		file: "pkg/app/crypto.go", decls: []string{"encrypt", "decrypt"}, added: `
func encrypt(string, []byte) ([]byte, error) { return nil, noEncryption{} }

func decrypt(string, []byte) ([]byte, error) { return nil, noEncryption{} }

// noEncryption is why.
type noEncryption struct{}

func (noEncryption) Error() string {
	return "go-app was trimmed of encryption, which the page did not mention when it was built"
}
`,
	}},
}

// identifiers are the random ones of devices and of stores that tabs share.
// google/uuid also makes
// those of hashes and reads them out of databases, by MD5, SHA-1, math/big and
// database/sql/driver. The stand-in makes random ones from the same source, the
// browser's crypto.getRandomValues, and they are as hard to guess.
var identifiers = saving{
	drops: []string{"github.com/google/uuid"},
	cuts: []cut{
		{file: "pkg/app/context.go", instead: random},
		{file: "pkg/app/state.go", instead: random},
	},
}

var random = map[string]string{"github.com/google/uuid": goApp + "/pkg/uuid"}

// standIns are packages that go-app does not have. They are kept as packages of
// their own, so that they are compiled, linted and tested as such.
//
//go:embed standin/regexp/regexp.go standin/uuid/uuid_js.go
var standIns embed.FS

// apply returns the file's text without what the cut names, nil if that is all
// of it.
func (c cut) apply(text []byte) ([]byte, error) {
	if c.decls == nil && c.instead == nil {
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
	if other := c.strange(syntax); len(other) > 0 {
		return nil, fmt.Errorf("it does not import %s", strings.Join(other, ", "))
	}
	e := edits{file: files.File(syntax.Pos()), text: append(text, c.added...)}
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

// strange returns what the cut has stand-ins for and the file does not import.
func (c cut) strange(syntax *ast.File) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(c.instead)), func(path string) bool {
		return slices.ContainsFunc(syntax.Imports, func(s *ast.ImportSpec) bool { return importPath(s) == path })
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
