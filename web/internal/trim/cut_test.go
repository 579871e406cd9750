package trim

import (
	"strings"
	"testing"
)

const library = `// Package app is cut in these tests.
package app

import (
	"errors"
	"net/http" // only for Serve
	"strings"
)

// Serve is for servers.
func Serve() http.Handler { return dir{} }

// A dir is, too.
type dir struct{ http.Handler }

// Resolve comes after its type.
func (d *dir) Resolve(s string) string { return strings.Trim(s, "/") }

// Route is for pages.
func Route(s string) error { return errors.New(strings.ToLower(s)) }

type table struct{}

func (table) add()  {}
func (table) find() {} // stays
`

func TestCutTakesDeclarationsTheirCommentsAndTheirImports(t *testing.T) {
	got, err := cut{decls: []string{"Serve", "dir", "table.add"}}.apply([]byte(library))
	const want = `// Package app is cut in these tests.
package app

import (
	"errors"

	"strings"
)

// Route is for pages.
func Route(s string) error { return errors.New(strings.ToLower(s)) }

type table struct{}

func (table) find() {} // stays
`
	if err != nil || string(got) != want {
		t.Errorf("%v, got\n%s\nwant\n%s", err, got, want)
	}
}

func TestImportGroupGoesWithItsLastImport(t *testing.T) {
	for _, imports := range []string{`import "os"`, "import (\n\t\"os\"\n)", "import os \"example.com/other\""} {
		text := "package app\n\n" + imports + "\n\nfunc gone() { os.Exit(1) }\n\nfunc stays() {}\n"
		got, err := cut{decls: []string{"gone"}}.apply([]byte(text))
		if want := "package app\n\nfunc stays() {}\n"; err != nil || string(got) != want {
			t.Errorf("%s: %v, got\n%s", imports, err, got)
		}
	}
}

func TestStandInIsImportedInstead(t *testing.T) {
	text := "package app\n\nimport \"regexp\"\n\nfunc add() { regexp.MustCompile(\"\") }\n\nvar list []*regexp.Regexp\n"
	got, err := cut{decls: []string{"add"}, instead: map[string]string{"regexp": "example.com/regexp"}}.apply([]byte(text))
	if want := "package app\n\nimport \"example.com/regexp\"\n\nvar list []*regexp.Regexp\n"; err != nil || string(got) != want {
		t.Errorf("%v, got\n%s", err, got)
	}
}

func TestStandInForAPackageAloneLeavesTheRest(t *testing.T) {
	text := "package app\n\nimport \"example.com/uuid\"\n\nvar id = uuid.NewString()\n"
	got, err := cut{instead: map[string]string{"example.com/uuid": "example.com/other/uuid"}}.apply([]byte(text))
	if want := strings.Replace(text, "example.com/uuid", "example.com/other/uuid", 1); err != nil || string(got) != want {
		t.Errorf("%v, got\n%s", err, got)
	}
	_, err = cut{instead: map[string]string{"example.com/none": "example.com/other"}}.apply([]byte(text))
	if err == nil || err.Error() != "it does not import example.com/none" {
		t.Errorf("a package that is not imported: %v", err)
	}
}

func TestCutAddsWhatTheRestNeeds(t *testing.T) {
	text := "package app\n\nimport \"os\"\n\nfunc quit() { os.Exit(1) }\n"
	got, err := cut{decls: []string{"quit"}, added: "\nfunc quit() {}\n"}.apply([]byte(text))
	if want := "package app\n\nfunc quit() {}\n"; err != nil || string(got) != want {
		t.Errorf("%v, got\n%s", err, got)
	}
}

func TestCutWithoutNamesIsTheWholeFile(t *testing.T) {
	if got, err := (cut{}).apply([]byte(library)); got != nil || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestCutOfAMissingDeclarationIsAnError(t *testing.T) {
	for _, name := range []string{"Handler", "table.remove", "Resolve", "table.Route", "strings"} {
		got, err := cut{decls: []string{"Serve", name}}.apply([]byte(library))
		if err == nil || !strings.HasSuffix(err.Error(), "does not declare "+name) {
			t.Errorf("%s: got %v and %d bytes, want an error that names it", name, err, len(got))
		}
	}
	if _, err := (cut{decls: []string{"Serve"}}).apply([]byte("package")); err == nil {
		t.Error("a file that does not parse was cut")
	}
}
