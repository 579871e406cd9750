package layout_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// withoutExample are the library packages that have none, and why.
var withoutExample = map[string]string{
	"shared/event/eventtest":       "its functions take the testing.T of a test, which an example has not",
	"server/eventlog/eventlogtest": "its functions take the testing.T of a test, which an example has not",
	"shared/state/statetest":       "its functions take the testing.T of a test, which an example has not",
	"shared/browser":               "it is for browsers, where examples do not run",
}

// TestExampleOfEachLibraryPackage wants an Example of each, which the
// unit tests run. Programs show it in their documentation. Internal packages are not
// for users.
func TestExampleOfEachLibraryPackage(t *testing.T) {
	has := map[string]bool{}
	for _, f := range sources(t) {
		if isLibrary(f) && f.pkg != "main" && !isInternal(f.dir()) {
			has[f.dir()] = has[f.dir()] || f.test() && showsUse(t, f)
		}
	}
	for _, fault := range unshown(has) {
		t.Error(fault)
	}
}

// isInternal reports whether only packages around it may import a directory's.
func isInternal(dir string) bool { return slices.Contains(strings.Split(dir, "/"), "internal") }

// showsUse reports whether a file of tests has an example with a checked output.
func showsUse(t *testing.T, f file) bool {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, f.path))
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(text, []byte("\nfunc Example")) && bytes.Contains(text, []byte("\n\t// Output:"))
}

// unshown says of each package what is wrong.
func unshown(has map[string]bool) (faults []string) {
	for dir, shown := range has {
		switch reason := withoutExample[dir]; {
		case !shown && reason == "":
			faults = append(faults, dir+" has no Example with an output")
		case shown && reason != "":
			faults = append(faults, dir+" has an Example: strike it off the list of those that have none")
		}
	}
	for dir := range withoutExample {
		if _, there := has[dir]; !there {
			faults = append(faults, dir+" is on the list of those without an Example, and is no library package")
		}
	}
	slices.Sort(faults)
	return faults
}

func TestExampleThatIsMissingIsFound(t *testing.T) {
	has := map[string]bool{"a": false, "b": true, "server/eventlog/eventlogtest": true, "shared/browser": false, "shared/state/statetest": false}
	if got := unshown(has); len(got) != 3 || !slices.IsSorted(got) {
		t.Errorf("got %q, want one each of a, server/eventlog/eventlogtest and shared/event/eventtest", got)
	}
}
