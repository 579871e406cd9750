package pack

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"github.com/seawaykit/seaway/web/internal/packed"
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

// packs packs the file.
func packs(t *testing.T, file string, quality int) Sizes {
	t.Helper()
	sizes, err := File(file, quality)
	if err != nil {
		t.Fatal(err)
	}
	return sizes
}

func TestPackedFormsUnpackToTheFile(t *testing.T) {
	content := strings.Repeat("all at sea ", 1000)
	file := page(t, content)
	packs(t, file, 3)

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

func TestFileIsPackedOnce(t *testing.T) {
	file := page(t, "one")
	for _, step := range []struct {
		name    string
		prepare func() error
		quality int
		packs   bool
	}{
		{"the first time", nil, 5, true},
		{"again", nil, 5, false},
		{"at a lower quality", nil, 4, false},
		{"at a higher quality", nil, 9, true},
		{"after the file has changed", func() error { return os.WriteFile(file, []byte("two"), 0o644) }, 4, true},
		{"after a packed form has gone", func() error { return os.Remove(file + ".gz") }, 4, true},
		{"after the stamp was damaged", func() error { return os.Truncate(file+".stamp", 9) }, 4, true},
	} {
		if step.prepare != nil {
			if err := step.prepare(); err != nil {
				t.Fatal(err)
			}
		}
		sizes := packs(t, file, step.quality)
		if sizes.Earlier == step.packs || strings.Contains(sizes.String(), "packed earlier") == step.packs {
			t.Errorf("%s: %v, want packing: %v", step.name, sizes, step.packs)
		}
	}
	if _, err := gzip.NewReader(bytes.NewReader(read(t, file+".gz"))); err != nil {
		t.Errorf("the last gzip form: %v", err)
	}
}

func TestBudgetIsOfTheBrotliForm(t *testing.T) {
	file := page(t, strings.Repeat("x", 100)+"yz")
	fits := packs(t, file, 5)
	if fits.Plain != 102 || fits.Within(100) != nil || fits.Within(fits.Brotli) != nil {
		t.Errorf("%v: %v", fits, fits.Within(100))
	}
	for _, when := range []string{"packed just now", "packed earlier"} {
		sizes := packs(t, file, 6)
		if err := sizes.Within(sizes.Brotli - 1); err == nil || !strings.Contains(err.Error(), "outgrown its budget") {
			t.Errorf("%s: got %v, want an error about the budget", when, err)
		}
	}
}

func TestMissingFileIsAnError(t *testing.T) {
	if sizes, err := File(page(t, "")+".missing", 5); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, %v", sizes, err)
	}
}
