package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// names returns what lies below a directory.
func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, _ fs.DirEntry, err error) error {
		all = append(all, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestErrorIsOneLineAndLeavesNothing(t *testing.T) {
	place := t.TempDir()
	full := filepath.Join(place, "full")
	if err := os.MkdirAll(filepath.Join(full, "something"), 0o755); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(place, "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	kit, err := find(t.Context())
	if err != nil || !kit.checkout {
		t.Fatalf("%+v, %v", kit, err)
	}
	checkout := kit.dir
	link := filepath.Join(place, "link")
	if err := os.Symlink(checkout, link); err != nil {
		t.Fatal(err)
	}
	before := names(t, place)
	for _, c := range []struct {
		name   string
		args   []string
		status int
		says   string
	}{
		{"no arguments", nil, 2, "usage"},
		{"no directory", []string{"example.com/me/app", ""}, 2, "usage"},
		{"an unknown flag", []string{"-colour", "example.com/me/app", "a"}, 2, "usage"},
		{"two kinds", []string{"-plain", "-signin", "example.com/me/app", "a"}, 2, "usage"},
		{"three arguments", []string{"example.com/me/app", "a", "b"}, 2, "usage"},
		{"a name without a host", []string{"app", filepath.Join(place, "new")}, 1, "begins with a host"},
		{"a name of the standard library", []string{"net/http", filepath.Join(place, "new")}, 1, "begins with a host"},
		{"the kit's name", []string{"github.com/seawaykit/seaway/app", filepath.Join(place, "new")}, 1, "the kit's own"},
		{"a name that is no path", []string{"example.com/a b", filepath.Join(place, "new")}, 1, "malformed module path"},
		{"a name with a dot at its end", []string{"example.com/a.", filepath.Join(place, "new")}, 1, "malformed module path"},
		{"a directory with something in it", []string{"example.com/me/app", full}, 1, "exists and is not empty"},
		{"a file", []string{"example.com/me/app", file}, 1, "not a directory"},
		{"a directory below a file", []string{"example.com/me/app", filepath.Join(file, "new")}, 1, "not a directory"},
		{"the checkout", []string{"example.com/me/app", filepath.Join(checkout, "bin", "new")}, 1, "own checkout"},
		{"the checkout by a link", []string{"example.com/me/app", filepath.Join(link, "new", "deep")}, 1, "own checkout"},
	} {
		var out, errs bytes.Buffer
		status := run(t.Context(), c.args, &out, &errs)
		said := errs.String()
		if status != c.status || !strings.Contains(said, c.says) || strings.Count(said, "\n") != 1 || out.Len() > 0 {
			t.Errorf("%s: exit status %d, %q; want %d and one line with %q", c.name, status, said, c.status, c.says)
		}
	}
	if after := names(t, place); !slices.Equal(after, before) {
		t.Errorf("something was written: %q", after)
	}
}

func TestProjectHasTheNameThatItWasGiven(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "app")
	if err := os.MkdirAll(dir, 0o755); err != nil { // an empty one will do
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	if status := run(t.Context(), []string{"example.net/other", dir}, &out, &errs); status != 0 {
		t.Fatalf("exit status %d: %s", status, &errs)
	}
	for _, name := range names(t, filepath.Dir(dir)) {
		if info, err := os.Stat(name); err != nil || info.IsDir() {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(text, []byte(example)) {
			t.Errorf("%s still speaks of %s", name, example)
		}
	}
	for _, name := range []string{"go.mod", "go.sum", ".gitignore", "web/build/.keep", "server/main.go"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil || !bytes.HasPrefix(mod, []byte("module example.net/other\n")) || bytes.Contains(mod, []byte("chromedp")) {
		t.Errorf("%v, go.mod is\n%s", err, mod)
	}
}

func TestPlainProjectNeedsNoTools(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "said")
	var out, errs bytes.Buffer
	if status := run(t.Context(), []string{"-plain", "example.net/said", dir}, &out, &errs); status != 0 {
		t.Fatalf("exit status %d: %s", status, &errs)
	}
	for _, name := range []string{"main.go", "main_test.go", "index.html", ".gitignore", "go.sum"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil || bytes.Contains(mod, []byte("\ntool")) || bytes.Contains(mod, []byte("go-app")) || bytes.Contains(mod, []byte("brotli")) {
		t.Errorf("%v, go.mod is\n%s", err, mod)
	}
}
