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

// TestTheLibraryStandsWithoutTheSamples deletes the samples from a copy of the
// module, with the end-to-end tests that need them, and checks what is left, its
// tests included, for both platforms. The quick tests are then run, too.
func TestTheLibraryStandsWithoutTheSamples(t *testing.T) {
	dir := t.TempDir()
	copyModule(t, dir, deleted(sources(t)))
	for _, sample := range samples {
		if left, _ := filepath.Glob(filepath.Join(dir, sample, "*.go")); left != nil {
			t.Fatalf("%q were not deleted", left)
		}
	}
	for _, step := range []struct {
		env  []string
		args []string
	}{
		{nil, []string{"vet", "./..."}},
		{[]string{"GOOS=js", "GOARCH=wasm"}, []string{"vet", "./app/...", "./shared/..."}},
		{nil, []string{"test", "./app/...", "./shared/...", "./web/..."}},
	} {
		cmd := exec.Command("go", step.args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), step.env...)
		run(t, cmd)
	}
}

// deleted returns the packages to delete: the samples, and those of e2e that
// import one.
func deleted(files []file) (dirs []string) {
	dirs = slices.Clone(samples)
	for _, f := range files {
		needs := func(imp string) bool { return slices.Contains(samples, strings.TrimPrefix(imp, module)) }
		if f.under("e2e") && slices.ContainsFunc(f.imports, needs) {
			dirs = append(dirs, f.dir())
		}
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

func TestOnlySamplesAndTheirTestsAreDeleted(t *testing.T) {
	got := deleted([]file{
		{path: "app/source/source.go", imports: []string{module + "shared/event"}},
		{path: "e2e/chat_test.go", imports: []string{"testing", module + "shared/sample/chat"}},
		{path: "e2e/main_test.go"},
		{path: "e2e/layout/arrow_test.go", imports: []string{"testing", "path"}},
	})
	if want := append([]string{"e2e"}, samples...); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
		t.Errorf("got %q, want e2e and the samples", got)
	}
}

// copyModule copies the module into dir without the files of some packages,
// their subdirectories excepted, and without what was built.
func copyModule(t *testing.T, dir string, without []string) {
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
		case slices.Contains(without, path.Dir(name)) || path.Dir(name) == "web/build" && entry.Name() != ".keep":
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
