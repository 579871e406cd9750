package layout_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// notFirst are the words that a test's name does not begin with. It begins with the noun
// that it tests, so that go test -run Cursor finds all tests of cursors.
var notFirst = strings.Fields(`
	a an the this that these those it its
	what whatever which who whoever whose how why where
	no nobody none nothing nowhere neither never not only
	every everybody everyone everything each all both either
	any anybody anyone anything some somebody someone something
	when whenever while if unless until because although
	after before without with within beside between but
	can does is
`)

// TestNameOfATestBeginsWithANoun reads every Go file of the repository: of the modules
// inside e2e, of new projects and of test data, too.
func TestNameOfATestBeginsWithANoun(t *testing.T) {
	files := goFiles(t)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		for _, fault := range nounless(t, name, files[name]) {
			t.Error(fault)
		}
	}
}

var ofTests = regexp.MustCompile(`^(Test|Fuzz|Benchmark)_?([A-Z].*)$`)

// nounless returns the tests, fuzz targets and benchmarks of a file whose names begin
// with another word than a noun.
func nounless(t *testing.T, name, text string) (faults []string) {
	t.Helper()
	files := token.NewFileSet()
	syntax, err := parser.ParseFile(files, name, text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	for _, d := range syntax.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Recv != nil || !strings.HasSuffix(name, "_test.go") {
			continue
		}
		if m := ofTests.FindStringSubmatch(f.Name.Name); m != nil && slices.Contains(notFirst, words(m[2])[0]) {
			line := files.Position(f.Pos()).Line
			faults = append(faults, fmt.Sprintf("%s:%d: %s begins with %q: begin with the noun that it tests", name, line, f.Name.Name, words(m[2])[0]))
		}
	}
	return faults
}

func TestNameOfATestWithoutANounIsFound(t *testing.T) {
	for name, refused := range map[string]bool{
		"TestACursorYieldsItsTopics": true, "TestTheHub": true, "TestNoEventIsLost": true, "TestNobodyWaits": true,
		"TestWhatIsLost": true, "TestEveryRuleHolds": true, "TestAnythingLegal": true, "BenchmarkAnAppend": true, "FuzzAnyID": true,
		"TestA": true, "Test_WhenItEnds": true,
		"TestCursorYieldsItsTopics": false, "TestASCIIOnly": false, "TestAppend": false, "TestNoteIsWritten": false,
		"TestAllocations": false, "TestThenEnds": false, "TestMain": false, "BenchmarkAppend": false, "TestItem": false,
		"aTestOfTheHub": false, "TestNotesAreShown": false, "TestHowlerMonkeys": false,
	} {
		text := "package p\n\nfunc " + name + "(t *testing.T) {}\n\ntype x int\n\nfunc (x) TestThe() {}"
		if got := nounless(t, "a_test.go", text); (len(got) == 1) != refused || len(got) > 1 {
			t.Errorf("%s: %q, want that it is refused: %v", name, got, refused)
		}
		if got := nounless(t, "a.go", text); got != nil {
			t.Errorf("%s is no test in a file without tests: %q", name, got)
		}
	}
}
