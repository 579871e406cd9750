//go:build !js

package words

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// A text that no page shows is dead, and would be translated for nothing.
func TestEachWordIsUsed(t *testing.T) {
	own := checked(t, "words", ".", nil)
	used := map[string]bool{}
	for _, dir := range []string{"../page", "../transports"} {
		info := &types.Info{Selections: map[*ast.SelectorExpr]*types.Selection{}}
		checked(t, dir, dir, info, own)
		for selector, selection := range info.Selections {
			if f, ok := selection.Obj().(*types.Var); ok && f.Pkg() == own {
				used[nameOf(selection.Recv())+"."+selector.Sel.Name] = true
			}
		}
	}
	if len(used) < 50 {
		t.Fatalf("only %d words are known to be used", len(used))
	}
	unused(t, reflect.TypeFor[Words](), used, map[reflect.Type]bool{})
}

// unused reports the fields of this package's types that are not used. Texts of the kit
// are the kit's to use.
func unused(t *testing.T, of reflect.Type, used map[string]bool, seen map[reflect.Type]bool) {
	if of.Kind() != reflect.Struct || of.PkgPath() != reflect.TypeFor[Words]().PkgPath() || of == reflect.TypeFor[Count]() || seen[of] {
		return
	}
	seen[of] = true
	for i := range of.NumField() {
		f := of.Field(i)
		if !used[of.Name()+"."+f.Name] {
			t.Errorf("%s.%s is used nowhere", of.Name(), f.Name)
		}
		element := f.Type
		if element.Kind() == reflect.Array {
			element = element.Elem()
		}
		unused(t, element, used, seen)
	}
}

func nameOf(of types.Type) string {
	if p, ok := of.(*types.Pointer); ok {
		of = p.Elem()
	}
	if n, ok := of.(*types.Named); ok {
		return n.Obj().Name()
	}
	return ""
}

// checked parses a directory's package and finds its types. It knows of other packages
// only those that it is given, which is enough to tell whose fields are selected.
func checked(t *testing.T, name, dir string, info *types.Info, known ...*types.Package) *types.Package {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	set, files := token.NewFileSet(), []*ast.File(nil)
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(set, name, text, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	config := types.Config{Importer: imports(known), Error: func(error) {}}
	pkg, _ := config.Check(name, set, files, info) // it misses what is not known
	return pkg
}

// imports are the packages that are known, by the end of their path.
type imports []*types.Package

func (all imports) Import(path string) (*types.Package, error) {
	for _, p := range all {
		if strings.HasSuffix(path, "/sample/"+p.Path()) {
			return p, nil
		}
	}
	return nil, errors.New("not known")
}
