package main

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// sources makes a tree of files.
func sources(t *testing.T, names ...string) tree {
	t.Helper()
	root := t.TempDir()
	for _, name := range names {
		put(t, root, name, "")
	}
	return tree{root, []string{"bin", "web/build"}}
}

func put(t *testing.T, root, name, text string) {
	t.Helper()
	file := filepath.Join(root, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestTreeScansSourcesAlone(t *testing.T) {
	tr := sources(t, "go.mod", "server/main.go", "web/static/app.css",
		"server/main_test.go", ".git/index", "bin/server", "web/build/app.wasm", "a/testdata/x.go", "_old/x.go", ".#main.go")
	got := slices.Sorted(maps.Keys(tr.scan()))
	if want := []string{"go.mod", "server/main.go", "web/static/app.css"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestChangeIsReportedOnceItIsOver(t *testing.T) {
	tr := sources(t, "a.go", "b.go")
	synctest.Test(t, func(t *testing.T) {
		was, began := tr.scan(), time.Now()
		go func() {
			<-time.After(scanInterval / 2)
			for _, text := range []string{"x", "xx", "xxx"} { // three saves, one between two scans each
				put(t, tr.root, "a.go", text)
				<-time.After(scanInterval)
			}
		}()
		if !tr.changed(t.Context(), was) {
			t.Fatal("no change was reported")
		}
		if took := time.Since(began); took != 4*scanInterval { // the third save, and a scan without changes
			t.Errorf("the change was reported after %v", took)
		}
	})
}

func TestChangeOfEachKindIsSeen(t *testing.T) {
	for name, change := range map[string]func(root string) error{
		"a new file":  func(root string) error { return os.WriteFile(filepath.Join(root, "c.go"), nil, 0o644) },
		"a file gone": func(root string) error { return os.Remove(filepath.Join(root, "a.go")) },
		"a file renamed": func(root string) error {
			return os.Rename(filepath.Join(root, "a.go"), filepath.Join(root, "c.go"))
		},
		"a later time": func(root string) error {
			later := time.Now().Add(time.Hour)
			return os.Chtimes(filepath.Join(root, "a.go"), later, later)
		},
	} {
		tr := sources(t, "a.go", "b.go")
		synctest.Test(t, func(t *testing.T) {
			was := tr.scan()
			if err := change(tr.root); err != nil {
				t.Fatal(err)
			}
			if !tr.changed(t.Context(), was) {
				t.Errorf("%s was not seen", name)
			}
		})
	}
}

func TestInterruptEndsTheWait(t *testing.T) {
	tr := sources(t, "a.go")
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if tr.changed(ctx, tr.scan()) {
			t.Error("a change was seen where there was none")
		}
	})
}
