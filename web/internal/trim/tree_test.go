package trim

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func store(t *testing.T, name, text string) {
	t.Helper()
	if _, err := put(name, []byte(text)); err != nil {
		t.Fatal(err)
	}
}

func TestDirectoryHoldsTheTreeAndNothingElse(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "not", "there")
	copied := tree{markerFile: []byte("module page"), "pkg/app/app.go": []byte("package app"), "pkg/app/html.go": nil}
	old := time.Now().Add(-time.Hour).Truncate(time.Second)
	app, stray := filepath.Join(dir, "pkg", "app", "app.go"), filepath.Join(dir, "pkg", "app", "http.go")
	for _, step := range []struct {
		name    string
		prepare func()
		written int
		rewrote bool
	}{
		{"the first time", func() {}, 3, true},
		{"again", func() {}, 0, false},
		{"with a file of an older version in it", func() { store(t, stray, "package app") }, 0, false},
		{"after a file was edited", func() { store(t, app, "package mine") }, 1, true},
		{"after a file was lost", func() { os.Remove(filepath.Join(dir, "pkg", "app", "html.go")) }, 1, false},
	} {
		step.prepare()
		os.Chtimes(app, old, old)
		written, err := copied.write(dir)
		if err != nil || written != step.written {
			t.Errorf("%s: wrote %d files, want %d; %v", step.name, written, step.written, err)
		}
		info, err := os.Stat(app)
		if err != nil || info.ModTime().Equal(old) == step.rewrote {
			t.Errorf("%s: %v, the file is of %v; want it written anew: %v", step.name, err, info.ModTime(), step.rewrote)
		}
		if text, _ := os.ReadFile(app); string(text) != "package app" {
			t.Errorf("%s: the file holds %q", step.name, text)
		}
		if _, err := os.Stat(stray); err == nil {
			t.Errorf("%s: the stray is still there", step.name)
		}
	}
}

func TestDirectoryOfSomethingElseIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	mine := filepath.Join(dir, "mine.go")
	store(t, mine, "package mine")
	if n, err := (tree{markerFile: nil, "go.mod": nil}).write(dir); err == nil || n != 0 {
		t.Errorf("wrote %d files beside others, %v", n, err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 || entries[0].Name() != "mine.go" {
		t.Errorf("the directory holds %v", entries)
	}
}
