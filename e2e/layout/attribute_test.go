package layout_test

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

const (
	pageKit = "github.com/maxence-charriere/go-app/v10/pkg/app"
	escaper = module + "app/goapp.Attr"
)

// plainFields hold what the program's own code says, and no text from anywhere else.
var plainFields = map[string]string{
	"icons":  "shapes, written in the code",
	"nonce":  "16 random digits",
	"Tag":    "languages of the site, as en",
	"Phase":  "the phases of a stream",
	"Name":   "rooms and boards of the program: names are their topics",
	"id":     "names of figures, written in the code",
	"advice": "advice of the update bar",
}

// plainFuncs likewise return what is of the code, by their full names.
var plainFuncs = map[string]string{
	"(" + module + "app/sample/page.plot).area": "numbers and letters of a path",
	"(" + module + "app/sample/page.plot).line": "numbers and letters of a path",
	module + "app/sample/page.barPath":          "numbers and letters of a path",
}

// TestAttributesOfPagesAreEscaped looks at every value of an attribute that pages draw:
// go-app writes values as they are into the HTML, so a quotation mark in a text would end the
// value. It must be made of constants and numbers, or have gone through goapp.Attr.
func TestAttributesOfPagesAreEscaped(t *testing.T) {
	a := loadPages(t, "./app/...")
	if len(a.values) < 60 {
		t.Fatalf("only %d values of attributes were found", len(a.values))
	}
	for _, v := range a.values {
		if !a.isPlain(v.value, v.in) {
			t.Errorf("%s: the value of %s may hold any text: %s. Escape it by goapp.Attr", a.at(v.value), v.setter, types.ExprString(v.value))
		}
	}
}

func TestUnescapedAttributeIsFound(t *testing.T) {
	a := loadPages(t, "./e2e/layout/testdata/attributes")
	var found []string
	for _, v := range a.values {
		if !a.isPlain(v.value, v.in) {
			found = append(found, types.ExprString(v.value))
		}
	}
	if want := []string{"text", `"to " + text`, "label(text)", "local", "p.text", "fmt.Sprint(text)"}; !slices.Equal(found, want) {
		t.Errorf("found %q, want %q", found, want)
	}
}

// A value is an expression that becomes an attribute's value.
type value struct {
	setter string
	value  ast.Expr
	in     *types.Info
}

// attributes are the values of attributes in some packages, and what tells where they
// come from.
type attributes struct {
	all    []*packages.Package
	values []value
	funcs  map[types.Object]function   // by their objects
	calls  map[types.Object][]call     // of those functions
	given  map[types.Object][]assigned // what variables are given
	seen   map[types.Object]bool       // variables and functions that are being looked at
}

type function struct {
	body *ast.BlockStmt
	in   *types.Info
}

type call struct {
	args []ast.Expr
	in   *types.Info
}

type assigned struct {
	value ast.Expr // nil: unknown
	in    *types.Info
}

func loadPages(t *testing.T, pattern string) *attributes {
	t.Helper()
	dir := root
	if strings.HasPrefix(pattern, "./e2e/") {
		dir, pattern = ".", "./"+strings.TrimPrefix(pattern, "./e2e/layout/")
	}
	mode := packages.NeedName | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports | packages.NeedDeps
	all, err := packages.Load(&packages.Config{Mode: mode, Dir: dir}, pattern)
	if err != nil {
		t.Fatal(err)
	}
	a := &attributes{all: all, funcs: map[types.Object]function{}, calls: map[types.Object][]call{}, given: map[types.Object][]assigned{}, seen: map[types.Object]bool{}}
	for _, p := range all {
		for _, err := range p.Errors {
			t.Fatal(err)
		}
		for _, f := range p.Syntax {
			ast.Inspect(f, func(n ast.Node) bool {
				a.note(n, p.TypesInfo)
				return true
			})
		}
	}
	return a
}

func (a *attributes) at(e ast.Expr) string {
	at := a.all[0].Fset.Position(e.Pos()).String()
	if _, below, ok := strings.Cut(at, "/app/"); ok {
		return "app/" + below
	}
	return at
}

// note takes up what a node says.
func (a *attributes) note(n ast.Node, in *types.Info) {
	switch n := n.(type) {
	case *ast.FuncDecl:
		a.funcs[in.Defs[n.Name]] = function{n.Body, in}
	case *ast.AssignStmt:
		for i, to := range n.Lhs {
			var from ast.Expr
			if len(n.Lhs) == len(n.Rhs) {
				from = n.Rhs[i]
			}
			a.give(to, from, in)
		}
	case *ast.ValueSpec:
		for i, to := range n.Names {
			if i < len(n.Values) {
				a.give(to, n.Values[i], in)
			}
		}
	case *ast.RangeStmt:
		for _, to := range []ast.Expr{n.Key, n.Value} {
			if to != nil {
				a.give(to, nil, in)
			}
		}
	case *ast.CallExpr:
		fn := called(n, in)
		if fn == nil {
			return
		}
		a.calls[fn] = append(a.calls[fn], call{n.Args, in})
		a.noteSetter(fn, n, in)
	}
}

func (a *attributes) give(to, from ast.Expr, in *types.Info) {
	name, ok := to.(*ast.Ident)
	if !ok {
		return
	}
	object := in.ObjectOf(name)
	a.given[object] = append(a.given[object], assigned{from, in})
}

// called returns the function or method that a call names.
func called(c *ast.CallExpr, in *types.Info) *types.Func {
	var name *ast.Ident
	switch f := ast.Unparen(c.Fun).(type) {
	case *ast.Ident:
		name = f
	case *ast.SelectorExpr:
		name = f.Sel
	default:
		return nil
	}
	fn, ok := in.Uses[name].(*types.Func)
	if !ok {
		return nil
	}
	return fn.Origin()
}

// noteSetter takes up the texts that a setter of go-app's elements is given. Setters
// return their element.
func (a *attributes) noteSetter(fn *types.Func, c *ast.CallExpr, in *types.Info) {
	signature := fn.Signature()
	if fn.Pkg() == nil || fn.Pkg().Path() != pageKit || signature.Recv() == nil || signature.Results().Len() != 1 || fn.Name() == "Text" || fn.Name() == "Textf" {
		return
	}
	if result := signature.Results().At(0).Type().String(); !strings.HasPrefix(result, pageKit+".HTML") {
		return
	}
	for _, arg := range c.Args {
		if basic, ok := in.TypeOf(arg).Underlying().(*types.Basic); ok && basic.Info()&types.IsString != 0 && in.Types[arg].Value == nil {
			a.values = append(a.values, value{fn.Name(), arg, in})
		}
	}
}

// isPlain reports whether an expression is made of the program's own words and of numbers,
// or is escaped.
func (a *attributes) isPlain(e ast.Expr, in *types.Info) bool {
	if in.Types[e].Value != nil {
		return true
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		return a.isPlain(e.X, in) && a.isPlain(e.Y, in)
	case *ast.Ident:
		return plainFields[e.Name] != "" && isPackageLevel(in.Uses[e]) || a.isPlainVariable(in.Uses[e])
	case *ast.SelectorExpr:
		return plainFields[e.Sel.Name] != ""
	case *ast.IndexExpr:
		return a.isPlain(e.X, in)
	case *ast.CallExpr:
		return a.isPlainCall(e, in)
	}
	return false
}

func isPackageLevel(o types.Object) bool {
	return o != nil && o.Pkg() != nil && o.Parent() == o.Pkg().Scope()
}

// isPlainVariable reports whether all that a variable is given is plain: a parameter by
// all calls of its function.
func (a *attributes) isPlainVariable(o types.Object) bool {
	if o == nil {
		return false
	}
	if a.seen[o] {
		return true // what it is given besides decides
	}
	a.seen[o] = true
	defer delete(a.seen, o)
	for _, g := range a.given[o] {
		if g.value == nil || !a.isPlain(g.value, g.in) {
			return false
		}
	}
	fn, i := a.parameter(o)
	if fn == nil {
		return len(a.given[o]) > 0
	}
	for _, c := range a.calls[fn] {
		if i >= len(c.args) || !a.isPlain(c.args[i], c.in) {
			return false
		}
	}
	return len(a.calls[fn]) > 0
}

// parameter returns the function whose parameter a variable is, and which one.
func (a *attributes) parameter(o types.Object) (fn types.Object, i int) {
	for fn := range a.funcs {
		parameters := fn.Type().(*types.Signature).Params()
		for i := range parameters.Len() {
			if parameters.At(i) == o && !fn.Exported() {
				return fn, i
			}
		}
	}
	return nil, 0
}

// numeric are packages and methods whose texts have no characters of HTML.
var numeric = []string{"strconv.Itoa", "strconv.FormatInt", "strconv.FormatBool", "(time.Time).Format"}

// passing are functions whose results are made of their arguments.
var passing = []string{"cmp.Or", "strings.ReplaceAll", "strings.Join"}

func (a *attributes) isPlainCall(c *ast.CallExpr, in *types.Info) bool {
	if in.Types[c.Fun].IsType() { // a conversion
		return a.isPlain(c.Args[0], in)
	}
	fn := called(c, in)
	if fn == nil {
		return false
	}
	switch name := fn.FullName(); {
	case name == escaper, slices.Contains(numeric, name), plainFuncs[name] != "":
		return true
	case slices.Contains(passing, name):
		return !slices.ContainsFunc(c.Args, func(arg ast.Expr) bool { return !a.isPlain(arg, in) })
	case fn.Name() == "String" && fn.Signature().Recv() != nil:
		_, isText := fn.Signature().Recv().Type().Underlying().(*types.Basic)
		if isText {
			basic := fn.Signature().Recv().Type().Underlying().(*types.Basic)
			return basic.Info()&types.IsInteger != 0
		}
		return fn.FullName() == "("+module+"shared/event.ID).String"
	}
	return a.returnsPlain(fn)
}

// returnsPlain reports whether all that a function returns is plain.
func (a *attributes) returnsPlain(fn types.Object) bool {
	f, ok := a.funcs[fn]
	if !ok || f.body == nil {
		return false
	}
	if a.seen[fn] {
		return true
	}
	a.seen[fn] = true
	defer delete(a.seen, fn)
	plain := true
	ast.Inspect(f.body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			plain = plain && len(n.Results) == 1 && a.isPlain(n.Results[0], f.in)
		}
		return true
	})
	return plain
}
