package gotool_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/web/internal/gotool"
)

func Example() {
	out, err := gotool.Command{Env: gotool.Browser}.Output(context.Background(), "env", "GOOS", "GOARCH")
	fmt.Println(strings.Fields(string(out)), err)
	// Output: [js wasm] <nil>
}

func TestErrorIsWhatTheGoCommandPrints(t *testing.T) {
	_, err := gotool.Command{}.Output(t.Context(), "list", "./none")
	failed := new(gotool.Error)
	if !errors.As(err, &failed) || failed.Verb != "list" || !strings.Contains(failed.Stderr, "none") || !strings.HasPrefix(err.Error(), "go list:\n") {
		t.Errorf("got %v", err)
	}
}

func TestReasonIsTheFirstLineThatSaysWhy(t *testing.T) {
	for said, want := range map[string]string{
		"go: downloading a v1\ngo: b: no such module\n\tadvice": "go get: b: no such module",
		"# example.com/a\na.go:1:2: bad":                        "go get: a.go:1:2: bad",
		"":                                                      "go get: exit status 1",
	} {
		if got := (&gotool.Error{Verb: "get", Stderr: said, Err: errors.New("exit status 1")}).Reason(); got != want {
			t.Errorf("of %q: %q, want %q", said, got, want)
		}
	}
}

func TestRootIsTheModulesDirectory(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOWORK", "off")
	t.Chdir(dir)
	if _, err := gotool.Root(t.Context()); err == nil || err.Error() != "this directory is in no module" {
		t.Errorf("without a module: %v", err)
	}
	if err := os.WriteFile("go.mod", []byte("module example.com/a\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll("deep/er", 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir("deep/er")
	if root, err := gotool.Root(t.Context()); err != nil || root != dir {
		t.Errorf("got %s, %v; want %s", root, err, dir)
	}
}
