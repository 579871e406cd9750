package layout_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// documents are those whose readers look for the files that they name.
var documents = []string{"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "WIRE.md", "e2e/behaviour/README.md"}

func TestDocumentNamesFilesAndSectionsThatExist(t *testing.T) {
	guide, err := fs.Glob(os.DirFS(root), "web/guide/*.md")
	if err != nil || len(guide) == 0 {
		t.Fatalf("there is no guide: %v", err)
	}
	for _, name := range append(guide, documents...) {
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range dangling(t, name, string(text)) {
			t.Error(fault)
		}
	}
}

var (
	namedPath  = regexp.MustCompile("`((?:app|e2e|server|shared|web)(?:/[\\w.-]+)+)`")
	namedLink  = regexp.MustCompile(`\]\(([^()\s]+)\)`)
	inlineCode = regexp.MustCompile("`[^`]*`")
	heading    = regexp.MustCompile(`(?m)^#+ (.*)$`)
	notInLink  = regexp.MustCompile("[^a-z0-9 _-]")
)

// dangling returns the paths and the links of a document that lead to nothing. Those of
// other sites are left out, and so is what a program builds or a user writes.
func dangling(t *testing.T, name, text string) (faults []string) {
	t.Helper()
	for n, line := range strings.Split(withoutCode(text), "\n") {
		report := func(what string) { faults = append(faults, fmt.Sprintf("%s:%d: %s is not there", name, n+1, what)) }
		for _, m := range namedPath.FindAllStringSubmatch(line, -1) {
			if !isThere(m[1]) && !isThere(filepath.Join("web/new/_project", m[1])) {
				report(m[1])
			}
		}
		for _, m := range namedLink.FindAllStringSubmatch(inlineCode.ReplaceAllString(line, ""), -1) {
			target, section, _ := strings.Cut(m[1], "#")
			file := filepath.Join(filepath.Dir(name), target)
			switch {
			case strings.Contains(target, "://"):
			case target != "" && !isThere(file):
				report(m[1])
			case section != "" && !hasSection(t, name, file, target, text, section):
				report(m[1])
			}
		}
	}
	return faults
}

// withoutCode returns a document with its blocks of code as empty lines.
func withoutCode(text string) string {
	return regexp.MustCompile("(?ms)^ *```.*?^ *```").ReplaceAllStringFunc(text, func(block string) string {
		return strings.Repeat("\n", strings.Count(block, "\n"))
	})
}

func isThere(path string) bool {
	_, err := os.Stat(filepath.Join(root, path))
	return err == nil
}

// hasSection reports whether the text, or another document, has a heading whose link is
// the section's: in lower case, with hyphens for spaces and without punctuation.
func hasSection(t *testing.T, name, file, target, text, section string) bool {
	t.Helper()
	if target != "" {
		other, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		text = string(other)
	}
	for _, m := range heading.FindAllStringSubmatch(text, -1) {
		link := notInLink.ReplaceAllString(strings.ToLower(m[1]), "")
		if strings.ReplaceAll(link, " ", "-") == section {
			return true
		}
	}
	return false
}

func TestDocumentThatNamesNothingIsFound(t *testing.T) {
	for text, want := range map[string]int{
		"`e2e/layout/document_test.go` and `shared/event`":       0,
		"`e2e/layout/documents_test.go`":                         1,
		"`shared/notes/notes.go` is a project's":                 0,
		"`shared/notes/note.go` is no project's":                 1,
		"see [it](README.md) and [us](https://example.com/)":     0,
		"see [it](READM.md)":                                     1,
		"see [`it`](READM.md) of `f[T](name)`":                   1,
		"see [it](WIRE.md#frames)":                               0,
		"see [it](WIRE.md#frame)":                                1,
		"```go\nx := f[T](\"chat.posted\")\n```\n`e2e/none`":     1,
		"## A section, of its own\n\n[s](#a-section-of-its-own)": 0,
		"[s](#a-section-of-its-own)":                             1,
	} {
		if got := dangling(t, "a.md", text); len(got) != want {
			t.Errorf("%s: %q, want %d", text, got, want)
		}
	}
}
