package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"github.com/seawaykit/seaway/web/packed"
)

// page writes a file of that content and returns its name.
func page(t *testing.T, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "app.wasm")
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// runs runs the program and returns what it printed.
func runs(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if err := run(args, &out, &errs); err != nil {
		t.Fatalf("pack %v: %v\n%s", args, err, &errs)
	}
	return out.String()
}

func TestPackedFormsUnpackToTheFile(t *testing.T) {
	content := strings.Repeat("all at sea ", 1000)
	file := page(t, content)
	runs(t, "-quality", "3", file)

	zip, err := gzip.NewReader(bytes.NewReader(read(t, file+".gz")))
	if err != nil {
		t.Fatal(err)
	}
	for coding, r := range map[string]io.Reader{"gzip": zip, "brotli": brotli.NewReader(bytes.NewReader(read(t, file+".br")))} {
		if got, err := io.ReadAll(r); err != nil || string(got) != content {
			t.Errorf("%s gave %d bytes back, %v; want the %d of the file", coding, len(got), err, len(content))
		}
	}
	if stamp, ok := packed.ParseStamp(read(t, file+".stamp")); !ok || stamp.Quality != 3 {
		t.Errorf("the stamp says %v, %v; want quality 3", stamp, ok)
	}
}

func TestTheSameFileIsPackedOnce(t *testing.T) {
	file := page(t, "one")
	for _, step := range []struct {
		name    string
		prepare func() error
		quality string
		packs   bool
	}{
		{"the first time", nil, "5", true},
		{"again", nil, "5", false},
		{"at a lower quality", nil, "4", false},
		{"at a higher quality", nil, "9", true},
		{"after the file has changed", func() error { return os.WriteFile(file, []byte("two"), 0o644) }, "4", true},
		{"after a packed form has gone", func() error { return os.Remove(file + ".gz") }, "4", true},
		{"after the stamp was damaged", func() error { return os.Truncate(file+".stamp", 9) }, "4", true},
	} {
		if step.prepare != nil {
			if err := step.prepare(); err != nil {
				t.Fatal(err)
			}
		}
		out := runs(t, "-quality", step.quality, file)
		if packs := !strings.Contains(out, "packed earlier"); packs != step.packs {
			t.Errorf("%s: %q, want packing: %v", step.name, out, step.packs)
		}
	}
	if _, err := gzip.NewReader(bytes.NewReader(read(t, file+".gz"))); err != nil {
		t.Errorf("the last gzip form: %v", err)
	}
}

func TestABudgetIsHeldOnEveryRun(t *testing.T) {
	file := page(t, strings.Repeat("x", 100)+"yz")
	fits := runs(t, "-quality", "5", "-max-brotli", "100", file)
	if !strings.Contains(fits, "102 bytes") {
		t.Errorf("printed %q, want the file's 102 bytes in it", fits)
	}
	for _, when := range []string{"packed just now", "packed earlier"} {
		err := run([]string{"-quality", "6", "-max-brotli", "3", file}, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), "outgrown its budget") {
			t.Errorf("%s: got %v, want an error about the budget", when, err)
		}
	}
}

func TestWrongArgumentsAreAUsageError(t *testing.T) {
	for _, args := range [][]string{{"-quality", "12"}, {"-quality", "-1"}, {"-nonsense"}, {"one", "two"}} {
		if err := run(args, io.Discard, io.Discard); !errors.Is(err, errUsage) {
			t.Errorf("pack %v: got %v, want %v", args, err, errUsage)
		}
	}
	if err := run([]string{page(t, "") + ".missing"}, io.Discard, io.Discard); err == nil || errors.Is(err, errUsage) {
		t.Errorf("a missing file: got %v, want an error about the file", err)
	}
}
