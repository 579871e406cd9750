package trim

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

// A cut is what is removed from one file of go-app.
type cut struct {
	file string // below the module's directory
	// decls are removed, a type with its methods, and a single method as in
	// "router.route". If decls and instead are empty, the whole file is removed.
	decls []string
	// instead has replacements for packages that the file imports.
	instead map[string]string
	// added is appended to the file, for other code that needs the decls.
	added string
}

// A saving is a group of cuts, all of them or none.
type saving struct {
	cuts []cut
	// unless has names that need what is cut: a page that mentions one keeps it.
	unless []string
	// drops are packages that go-app no longer imports after the cuts.
	drops []string
}

// savings are all savings. ARCHITECTURE.md has their sizes.
var savings = []saving{server, patterns, encryption, identifiers, states}

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

// netHTTP is the one package that no page may contain.
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

// encryption is AES for values in the browser's storage. The code for unencrypted
// states refers to it, so the two functions stay and return an error.
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

// identifiers are the random ids of devices and of stores that tabs share.
// google/uuid also makes ids of hashes and reads them from databases, by MD5,
// SHA-1, math/big and database/sql/driver. The stand-in makes random ids from the
// same source, the browser's crypto.getRandomValues, and they are as hard to
// guess.
var identifiers = saving{
	drops: []string{"github.com/google/uuid"},
	cuts: []cut{
		{file: "pkg/app/context.go", instead: random},
		{file: "pkg/app/state.go", instead: random},
	},
}

var random = map[string]string{"github.com/google/uuid": goApp + "/pkg/uuid"}

// states are go-app's named values, which components share, and which tabs and the
// browser's storage can have as well. The engine refers to what keeps them, so that
// stays, without doing anything: none are there to clean up.
var states = saving{
	unless: []string{"GetState", "SetState", "ObserveState", "DelState"},
	cuts: []cut{{
		file: "pkg/app/state.go", decls: []string{"stateManager", "storableState", "storeValue", "expiredTime"}, added: `
type stateManager struct{}

func (stateManager) Observe(Context, string, any) Observer {
	Log(noStates{})
	return Observer{setObserver: func(o Observer) Observer { return o }, enableBroadcast: func() {}}
}

func (stateManager) Get(Context, string, any) { Log(noStates{}) }

func (stateManager) Set(Context, string, any) State {
	Log(noStates{})
	return State{
		expire:    func(s State, _ time.Time) State { return s },
		persist:   func(s State, _ bool) State { return s },
		broadcast: func(s State) State { return s },
	}
}

func (stateManager) Delete(Context, string) { Log(noStates{}) }

func (stateManager) Cleanup() {}

func (stateManager) CleanupExpiredPersistedStates(Context) {}

// noStates is why.
type noStates struct{}

func (noStates) Error() string {
	return "go-app was trimmed of states, which the page did not mention when it was built"
}
`,
	}},
}

// standIns are packages that go-app does not have. They are kept as packages, so
// that they are compiled, linted and tested.
//
//go:embed standin/regexp/regexp.go standin/uuid/uuid_js.go
var standIns embed.FS

// apply returns the file's text without what the cut names, nil if the whole file
// is cut.
func (c cut) apply(text []byte) ([]byte, error) {
	if c.decls == nil && c.instead == nil {
		return nil, nil
	}
	files := token.NewFileSet()
	syntax, err := parser.ParseFile(files, c.file, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	gone, kept := c.split(syntax)
	if missing := c.missing(gone); len(missing) > 0 {
		return nil, fmt.Errorf("it does not declare %s", strings.Join(missing, ", "))
	}
	if other := c.notImported(syntax); len(other) > 0 {
		return nil, fmt.Errorf("it does not import %s", strings.Join(other, ", "))
	}
	e := edits{file: files.File(syntax.Pos()), text: append(text, c.added...)}
	for _, d := range gone {
		e.remove(d)
	}
	c.imports(&e, kept, mentioned(gone), mentioned(kept))
	return e.done()
}

// split returns the declarations that the cut names and the others.
func (c cut) split(syntax *ast.File) (gone, kept []ast.Decl) {
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

// missing returns the names in the cut that the file does not declare.
func (c cut) missing(gone []ast.Decl) []string {
	return slices.DeleteFunc(slices.Clone(c.decls), func(name string) bool {
		return slices.ContainsFunc(gone, func(d ast.Decl) bool {
			is, _ := declared(d)
			return is == name
		})
	})
}

// notImported returns the packages in the cut that the file does not import.
func (c cut) notImported(syntax *ast.File) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(c.instead)), func(path string) bool {
		return slices.ContainsFunc(syntax.Imports, func(s *ast.ImportSpec) bool { return importPath(s) == path })
	})
}

// declared returns the name of a declaration, as "type.method" for a method, and
// the method's type. Declarations of several names in one are not supported:
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

// imports removes the imports that only removed declarations use, and replaces
// others. After a mistake here the copy does not compile, and trim returns that
// error.
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
