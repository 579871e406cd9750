package layout_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// isSample reports whether a file belongs to the demonstration, which users
// replace by their own: what has /sample/ in its path, the two programs that run
// it, and what embeds its files. Nothing that they keep may need it.
func isSample(name string) bool {
	dir := path.Dir(name)
	return strings.Contains(name, "/sample/") || dir == "server" || dir == "app" || name == "web/embed.go"
}

// isSamplePackage reports whether an import is of the demonstration's. None is of
// one file alone.
func isSamplePackage(imp string) bool {
	own, ok := strings.CutPrefix(imp, module)
	return ok && isSample(own+"/")
}

func TestSampleIsRecognisedByItsPath(t *testing.T) {
	for name, want := range map[string]bool{
		"shared/sample/chat/chat.go": true, "shared/sample/schema/schema.txt": true,
		"server/main.go": true, "app/main.go": true, "web/embed.go": true,
		"server/sse/handler.go": false, "app/source/source.go": false,
		"web/assets/assets.go": false, "web/new/_project/server/site.go": false,
		"server/sse/sample.go": false, "shared/samples/chat.go": false, "sample/chat.go": false,
	} {
		if got := isSample(name); got != want {
			t.Errorf("%s is a sample's: %v, want %v", name, got, want)
		}
	}
}

// TestLibraryStandsWithoutTheSamples deletes the samples from a copy of the
// kit, with the end-to-end tests that need them, and checks what is left, its tests
// included, for both platforms. The quick tests are then run, too.
func TestLibraryStandsWithoutTheSamples(t *testing.T) {
	dir := t.TempDir()
	files := sources(t)
	needy := needy(files)
	copyKit(t, dir, func(name string) bool {
		return isSample(name) || path.Ext(name) == ".go" && slices.Contains(needy, path.Dir(name))
	})
	for _, f := range files {
		if _, err := os.Stat(filepath.Join(dir, f.path)); err == nil && isSample(f.path) {
			t.Fatalf("%s was not deleted", f.path)
		}
	}
	for _, step := range []struct {
		module string // its directory
		env    []string
		args   []string
	}{
		{".", nil, []string{"build", "./..."}},
		{".", nil, []string{"vet", "./..."}},
		{".", []string{"GOOS=js", "GOARCH=wasm"}, []string{"vet", "./app/...", "./shared/..."}},
		{".", nil, []string{"test", "-short", "./app/...", "./shared/...", "./web/..."}},
		{"e2e", nil, []string{"vet", "./..."}},
	} {
		cmd := exec.Command("go", step.args...)
		cmd.Dir = filepath.Join(dir, step.module)
		cmd.Env = append(os.Environ(), step.env...)
		run(t, cmd)
	}
}

// needy returns the packages of e2e that import a sample.
func needy(files []file) (dirs []string) {
	for _, f := range files {
		if f.under("e2e") && slices.ContainsFunc(f.imports, isSamplePackage) {
			dirs = append(dirs, f.dir())
		}
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

func TestTestsOfTheSamplesAloneAreDeletedWithThem(t *testing.T) {
	got := needy([]file{
		{path: "app/source/source.go", imports: []string{module + "shared/event"}},
		{path: "server/sample/site/site.go", imports: []string{module + "shared/sample/chat"}},
		{path: "e2e/chat_test.go", imports: []string{"testing", module + "shared/sample/chat"}},
		{path: "e2e/main_test.go"},
		{path: "e2e/layout/arrow_test.go", imports: []string{"testing", "path"}},
	})
	if !slices.Equal(got, []string{"e2e"}) {
		t.Errorf("got %q, want e2e", got)
	}
}

// copyKit copies the kit and its end-to-end tests into dir without some files,
// named by their paths, and without what was built.
func copyKit(t *testing.T, dir string, without func(name string) bool) {
	t.Helper()
	ignored := ignores(t)
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (name == ".git" || isIgnored(ignored, name)):
			return fs.SkipDir
		case entry.IsDir():
			return os.MkdirAll(filepath.Join(dir, name), 0o755)
		case without(name) || path.Dir(name) == "web/build" && entry.Name() != ".keep":
			return nil
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, name), text, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
}
