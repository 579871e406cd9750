package layout_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A manifest is a go.mod, as the go command prints it.
type manifest struct {
	Require []struct {
		Path     string
		Indirect bool
	}
	Replace, Exclude, Tool []any
}

// TestGoModRequiresOnlyWhatTheKitImports keeps the kit's go.mod fit for users: each
// requirement in it is one of theirs as well, and `go run module/package@version`
// refuses a module whose go.mod replaces or excludes anything. What only tests and
// tools need belongs into e2e/go.mod.
func TestGoModRequiresOnlyWhatTheKitImports(t *testing.T) {
	for _, fault := range unfit(readManifest(t, filepath.Join(root, "go.mod")), sources(t)) {
		t.Errorf("go.mod %s", fault)
	}
}

func readManifest(t *testing.T, name string) (m manifest) {
	t.Helper()
	out := run(t, exec.Command("go", "mod", "edit", "-json", name))
	if err := json.Unmarshal([]byte(out), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// unfit returns what is wrong with a kit's go.mod, given the files of the kit.
func unfit(m manifest, files []file) (faults []string) {
	for _, r := range m.Require {
		if !r.Indirect && !slices.ContainsFunc(files, func(f file) bool { return needs(f, r.Path) }) {
			faults = append(faults, "requires "+r.Path+", which nothing but tests imports")
		}
	}
	for directive, found := range map[string][]any{"replace": m.Replace, "exclude": m.Exclude, "tool": m.Tool} {
		if len(found) > 0 {
			faults = append(faults, "has a directive "+directive)
		}
	}
	slices.Sort(faults)
	return faults
}

// needs reports whether what users build of the kit imports a module with a file.
func needs(f file, module string) bool {
	return !f.under("e2e") && !f.test() && slices.ContainsFunc(f.imports, func(imp string) bool { return within(imp, module) })
}

func TestGoModThatIsUnfitIsFound(t *testing.T) {
	files := []file{
		{path: "server/a.go", imports: []string{"example.com/used/b", "example.com/usedtoo"}},
		{path: "server/a_test.go", imports: []string{"example.com/tested"}},
		{path: "e2e/b.go", imports: []string{"example.com/driven"}},
	}
	for text, want := range map[string]string{
		"require example.com/used v1.0.0":                    "",
		"require example.com/linked v1.0.0 // indirect":      "",
		"require example.com/use v1.0.0":                     "requires example.com/use, which nothing but tests imports",
		"require example.com/tested v1.0.0":                  "requires example.com/tested, which nothing but tests imports",
		"require example.com/driven v1.0.0":                  "requires example.com/driven, which nothing but tests imports",
		"replace example.com/used => ../used":                "has a directive replace",
		"exclude example.com/used v1.0.0":                    "has a directive exclude",
		"tool example.com/used/cmd":                          "has a directive tool",
		"tool example.com/a/b\nexclude example.com/c v1.0.0": "has a directive exclude, has a directive tool",
	} {
		name := filepath.Join(t.TempDir(), "go.mod")
		if err := os.WriteFile(name, []byte("module example.com/kit\n\n"+text+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(unfit(readManifest(t, name), files), ", "); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// Users get the module that traces together with the release that it was tested with.
func TestGoModOfTheTracesRequiresTheNewestRelease(t *testing.T) {
	changes, err := os.ReadFile(filepath.Join(root, "CHANGELOG.md"))
	if err != nil {
		t.Fatal(err)
	}
	newest := regexp.MustCompile(`(?m)^## (v\S+)`).FindSubmatch(changes)
	if newest == nil {
		t.Fatal("CHANGELOG.md names no release")
	}
	manifest, err := os.ReadFile(filepath.Join(root, "server/tracing/go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	if want := "github.com/seawaykit/seaway " + string(newest[1]) + "\n"; !strings.Contains(string(manifest), want) {
		t.Errorf("server/tracing/go.mod does not require %s", want)
	}
}
