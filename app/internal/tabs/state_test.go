package tabs

import (
	_ "embed"
	"slices"
	"strings"
	"testing"
)

//go:embed doc.go
var doc string

// The tables in the package's doc name all states, in the order of the code.
func TestStatesAreThoseOfTheDoc(t *testing.T) {
	names := map[string]int{
		"following": int(following), "inheriting": int(inheriting), "alone": int(alone), "leading": int(leading), "retired": int(retired),
		"led": int(led), "asked": int(asked), "vacant": int(vacant), "called": int(called),
		"unknown": int(unknown), "inquired": int(inquired), "answered": int(answered), "joined": int(joined),
		"none": int(none), "dialed": int(dialed), "greeted": int(greeted),
	}
	var got []string
	for line := range strings.Lines(doc[strings.Index(doc, "# States"):]) {
		row, ok := strings.CutPrefix(line, "//\t")
		if name, _, _ := strings.Cut(row, " "); ok && name != "" && name != "role" {
			got = append(got, name)
		}
	}
	if len(got) != len(names) {
		t.Errorf("the doc has the states %q", got)
	}
	for i, name := range got {
		n, ok := names[name]
		if !ok {
			t.Errorf("the doc has the state %q", name)
		}
		if n > 0 && (i == 0 || names[got[i-1]] != n-1) {
			t.Errorf("%s comes after %s in the doc", name, got[max(i-1, 0)])
		}
	}
	if slices.Contains(got, "") {
		t.Error("the doc has a row without a name")
	}
}
