package layout_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"testing"
)

// mayskip are the files whose tests may leave themselves out, and why. A test that
// cannot run on a machine should fail there and say what is missing: one that is
// skipped looks like one that has passed.
var mayskip = map[string]string{}

// TestSkipNeedsAReason reads every Go file of the repository: of the modules inside
// e2e, of new projects and of test data, too.
func TestSkipNeedsAReason(t *testing.T) {
	skips := map[string][]string{}
	for name, text := range goFiles(t) {
		if found := skipped(t, text); found != nil {
			skips[name] = found
		}
	}
	for _, fault := range unexcused(skips, mayskip) {
		t.Error(fault)
	}
}

// skipped returns the lines of a file that call a method by which a test leaves
// itself out, whatever it is called on: what is no test should call it otherwise.
func skipped(t *testing.T, text string) (lines []string) {
	t.Helper()
	files := token.NewFileSet()
	syntax, err := parser.ParseFile(files, "", text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	ast.Inspect(syntax, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, s.Sel.Name) {
			lines = append(lines, fmt.Sprintf("%d: %s", files.Position(s.Pos()).Line, s.Sel.Name))
		}
		return true
	})
	return lines
}

// unexcused returns the skips that are in no list, and what is listed in vain.
func unexcused(skips map[string][]string, listed map[string]string) (faults []string) {
	for name, lines := range skips {
		for _, line := range lines {
			if listed[name] == "" {
				faults = append(faults, name+":"+line+" leaves a test out, and no reason is listed")
			}
		}
	}
	for name := range listed {
		if skips[name] == nil {
			faults = append(faults, name+" skips nothing: strike it off the list")
		}
	}
	slices.Sort(faults)
	return faults
}

func TestSkipIsFound(t *testing.T) {
	const head = "package p\n\n"
	for text, want := range map[string]int{
		`func TestA(t *testing.T) { t.Skip("not today") }`:                   1,
		`func FuzzA(f *testing.F) { if short { f.SkipNow() } }`:              1,
		"func BenchmarkA(b *testing.B) {\n\tb.Skipf(`%d`, 1)\n\tb.Skip()\n}": 2,
		`func TestA(t *testing.T) { defer t.SkipNow(); leave := t.Skip }`:    2,
		`func TestA(t *testing.T) { t.Fatal("there is no browser: Skip") }`:  0,
		`func Skip() {} // t.Skip()`:                                         0,
	} {
		if got := skipped(t, head+text); len(got) != want {
			t.Errorf("%s: found %q, want %d", text, got, want)
		}
	}
	skips := map[string][]string{"a_test.go": {"3: Skip"}, "b_test.go": {"4: Skip"}}
	got := unexcused(skips, map[string]string{"a_test.go": "there is a reason", "c_test.go": "there was one"})
	want := []string{"b_test.go:4: Skip leaves a test out, and no reason is listed", "c_test.go skips nothing: strike it off the list"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
