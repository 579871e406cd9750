package layout_test

import (
	"fmt"
	"go/doc/comment"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// maxUsage is how many lines the usage example of a package has at most: it is read
// before anything else is known of the package.
const maxUsage = 15

// Verbs that do not say what a package does.
var emptyVerbs = strings.Fields("is was has does this says tells hears knows")

// TestPackageDocSaysWhatItDoesAndShowsHow wants a first sentence with a verb and a usage
// example of each public package. Programs are described by their usage; samples and
// internal packages are not for users.
func TestPackageDocSaysWhatItDoesAndShowsHow(t *testing.T) {
	docs := map[string]file{}
	for _, f := range sources(t) {
		if isLibrary(f) && f.pkg != "main" && !isInternal(f.dir()) && !f.test() && f.doc != "" {
			f.doc = strings.TrimLeft(docs[f.dir()].doc+"\n"+f.doc, "\n")
			docs[f.dir()] = f
		}
	}
	if len(docs) < 20 {
		t.Fatalf("found the docs of %d packages: this is not the kit", len(docs))
	}
	for _, dir := range slices.Sorted(maps.Keys(docs)) {
		for _, fault := range undescribed(docs[dir]) {
			t.Error(fault)
		}
	}
}

// undescribed returns what is wrong with the doc of a file's package.
func undescribed(f file) (faults []string) {
	first, _, _ := strings.Cut(f.doc, ".")
	verb := ""
	if m := regexp.MustCompile(`^Package ` + f.pkg + ` ([a-z]+s)\s`).FindStringSubmatch(f.doc + "\n"); m != nil {
		verb = m[1]
	}
	if verb == "" || slices.Contains(emptyVerbs, verb) {
		faults = append(faults, fmt.Sprintf("%s: %q: begin with \"Package %s\" and a verb for what it does, as serves, defines, keeps",
			f.path, strings.ReplaceAll(first, "\n", " "), f.pkg))
	}
	if n := usageLines(f); n == 0 {
		faults = append(faults, fmt.Sprintf("%s: the doc of package %s has no usage example: an indented block that has %q in it", f.path, f.pkg, f.pkg+"."))
	} else if n > maxUsage {
		faults = append(faults, fmt.Sprintf("%s: the usage example of package %s has %d lines, %d at most", f.path, f.pkg, n, maxUsage))
	}
	return faults
}

// usageLines returns the number of lines of the first code block that uses the package,
// 0 if there is none.
func usageLines(f file) int {
	var parser comment.Parser
	for _, block := range parser.Parse(f.doc).Content {
		if code, ok := block.(*comment.Code); ok && regexp.MustCompile(`\b`+f.pkg+`\.[A-Z]`).MatchString(code.Text) {
			return strings.Count(strings.TrimRight(code.Text, "\n"), "\n") + 1
		}
	}
	return 0
}

func TestPackageDocWithoutVerbOrUsageIsFound(t *testing.T) {
	const usage = "\n\n\tx := a.New()\n"
	long := "\n\n" + strings.Repeat("\ta.Do()\n", maxUsage)
	for doc, want := range map[string]int{
		"Package a serves events." + usage:               0,
		"Package a keeps\nthe events of a log." + usage:  0,
		"Package a serves events." + long:                0,
		"Package a serves events." + long + "\ta.End()":  1,
		"Package a serves events.\n\n\tGET /events\n":    1,
		"Package a serves events, as a.New says.":        1,
		"Package a is a log." + usage:                    1,
		"Package a: a log." + usage:                      1,
		"Package b serves events." + usage:               1,
		"Package a has events for programs.":             2,
		"Package a serves events.\n\n\tx := aa.New()\n":  1,
		"Package a serves events.\n\n\tx := b.a.New()\n": 0,
	} {
		if got := undescribed(file{path: "a/a.go", pkg: "a", doc: doc}); len(got) != want {
			t.Errorf("%q: %d faults, want %d: %q", doc, len(got), want, got)
		}
	}
}
