package e2e_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/shared/wire"
)

// constants returns the values of a file's constants that are strings, by their names.
func constants(t *testing.T, file string) map[string]string {
	t.Helper()
	syntax, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	ast.Inspect(syntax, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Names) == 1 && len(spec.Values) == 1 {
			if lit, ok := spec.Values[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if value, err := strconv.Unquote(lit.Value); err == nil {
					values[spec.Names[0].Name] = value
				}
			}
		}
		return true
	})
	return values
}

// jsonNames returns the names of a struct's fields in JSON, with those of embedded ones.
func jsonNames(of reflect.Type) (names []string) {
	for _, f := range reflect.VisibleFields(of) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// WIRE.md names every control frame, parameter, mode, reason and error code that the
// code defines, and every field that control frames and sockets have.
func TestWireDocumentNamesWhatIsOnTheWire(t *testing.T) {
	text, err := os.ReadFile("../WIRE.md")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range []string{"../shared/wire/wire.go", "../shared/fault/fault.go"} {
		found := constants(t, file)
		if len(found) < 10 {
			t.Errorf("%s has %d constants", file, len(found))
		}
		for constant, value := range found {
			if constant != "Unreachable" { // made by callers, and on no wire
				names = append(names, value)
			}
		}
	}
	for _, of := range []any{wire.Hello{}, wire.ResetInfo{}, wire.Fault{}, wire.Bye{}, wire.Command{}, wire.Reply{}} {
		names = append(names, jsonNames(reflect.TypeOf(of))...)
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if !strings.Contains(string(text), "`"+name+"`") && !strings.Contains(string(text), `"`+name+`":`) {
			t.Errorf("WIRE.md does not name %q", name)
		}
	}
}
