package layout_test

import (
	"bufio"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// topLevel is what the kit's directory may hold besides names that begin
// with a dot and what git ignores.
var topLevel = []string{
	"ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md", "SECURITY.md", "WIRE.md",
	"app", "e2e", "go.mod", "go.sum", "server", "shared", "web",
}

func TestPlacesOfTheTopLevelAreFixed(t *testing.T) {
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	ignored := ignores(t)
	var names []string
	for _, e := range entries {
		if !isIgnored(ignored, e.Name()) {
			names = append(names, e.Name())
		}
	}
	for _, stray := range strays(names) {
		t.Errorf("%s does not belong into the kit's directory", stray)
	}
	for _, name := range []string{"app", "e2e", "go.mod", "go.sum", "server", "shared", "web", "Makefile"} {
		if !slices.Contains(names, name) {
			t.Errorf("%s is missing", name)
		}
	}
}

func strays(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return strings.HasPrefix(name, ".") || slices.Contains(topLevel, name)
	})
}

func TestStrayIsFound(t *testing.T) {
	got := strays([]string{".git", "app", "cmd", "go.mod", "main.go", "README.md"})
	if !slices.Equal(got, []string{"cmd", "main.go"}) {
		t.Errorf("got %q", got)
	}
	patterns := []string{"/bin/", "*.prof"}
	for name, want := range map[string]bool{"bin": true, "cpu.prof": true, "binary": false, "app": false} {
		if got := isIgnored(patterns, name); got != want {
			t.Errorf("%s is ignored: %v, want %v", name, got, want)
		}
	}
}

// ignores returns the lines of .gitignore.
func ignores(t *testing.T) (patterns []string) {
	t.Helper()
	f, err := os.Open(filepath.Join(root, ".gitignore"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		patterns = append(patterns, lines.Text())
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return patterns
}

func isIgnored(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		match, err := path.Match(strings.Trim(p, "/"), name)
		return err == nil && match
	})
}

func TestPackagesHaveComments(t *testing.T) {
	for _, dir := range undocumented(sources(t)) {
		t.Errorf("package %s has no package comment", dir)
	}
}

// undocumented returns the packages without a comment that begins as the go
// command's documentation wants it.
func undocumented(files []file) (dirs []string) {
	documented := map[string]bool{}
	for _, f := range files {
		documented[f.dir()] = documented[f.dir()] || begins(f)
	}
	for dir, ok := range documented {
		if !ok {
			dirs = append(dirs, dir)
		}
	}
	slices.Sort(dirs)
	return dirs
}

// begins reports whether the file's package comment begins with the package's
// name, or the program's.
func begins(f file) bool {
	if f.pkg != "main" {
		return strings.HasPrefix(f.doc, "Package "+f.pkg+" ")
	}
	program := path.Base(f.dir()) + " "
	return strings.HasPrefix(f.doc, "Command ") || strings.HasPrefix(f.doc, strings.ToUpper(program[:1])+program[1:])
}

func TestPackageWithoutACommentIsFound(t *testing.T) {
	got := undocumented([]file{
		{path: "a/a.go", pkg: "a", doc: "Package a does it.\n"}, {path: "a/b.go", pkg: "a"},
		{path: "b/b.go", pkg: "b", doc: "This package does it.\n"},
		{path: "c/main.go", pkg: "main", doc: "Command c does it.\n"},
		{path: "d/main.go", pkg: "main", doc: "Package main does it.\n"},
		{path: "doer/main.go", pkg: "main", doc: "Doer does it.\n"},
	})
	if !slices.Equal(got, []string{"b", "d"}) {
		t.Errorf("got %q", got)
	}
}

func TestFilesAreShortAndCalledAfterANoun(t *testing.T) {
	for _, f := range sources(t) {
		for _, fault := range untidy(f) {
			t.Errorf("%s %s", f.path, fault)
		}
	}
}

// untidy says what the house rules hold against a file.
func untidy(f file) (faults []string) {
	if f.lines > 500 {
		faults = append(faults, "has more than 500 lines")
	}
	noun, _, _ := strings.Cut(strings.TrimSuffix(path.Base(f.path), ".go"), "_")
	for _, name := range []string{noun, f.pkg} {
		if slices.Contains([]string{"common", "helper", "helpers", "manager", "misc", "types", "util", "utils"}, name) {
			faults = append(faults, "is called "+name+", which says nothing")
		}
	}
	return faults
}

func TestFileThatIsUntidyIsFound(t *testing.T) {
	for _, f := range []file{
		{path: "a/a.go", pkg: "a", lines: 501}, {path: "a/utils.go", pkg: "a"}, {path: "a/helpers_test.go", pkg: "a"}, {path: "common/a.go", pkg: "common"},
	} {
		if untidy(f) == nil {
			t.Errorf("%s is tidy", f.path)
		}
	}
	if got := untidy(file{path: "a/id_test.go", pkg: "a_test", lines: 500}); got != nil {
		t.Errorf("a tidy file: %q", got)
	}
}
