package e2e_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// An edit replaces one text of the chat's contract, which must hold it exactly
// once.
type edit struct{ old, new string }

// buildVariant builds both halves of the program with an edited contract, as the
// next release of it might be, and returns the server. The checkout is left
// alone: the go command reads the edited file, and the wasm that the server
// embeds, in the place of the real ones.
func buildVariant(t *testing.T, edits ...edit) (program string) {
	t.Helper()
	dir := t.TempDir()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	contract := filepath.Join(root, "shared", "sample", "chat", "chat.go")
	edited := filepath.Join(dir, "chat.go")
	write(t, edited, applied(t, contract, edits))

	wasm, program := filepath.Join(dir, "app.wasm"), filepath.Join(dir, "seaway")
	replaced := map[string]string{contract: edited}
	goBuild(t, root, replaced, []string{"GOOS=js", "GOARCH=wasm"}, wasm, "./app")
	for _, packed := range []string{".br", ".gz", ".stamp"} { // those of the checkout are of another wasm
		replaced[filepath.Join(root, "web", "build", "app.wasm"+packed)] = ""
	}
	replaced[filepath.Join(root, "web", "build", "app.wasm")] = wasm
	goBuild(t, root, replaced, nil, program, "./server")
	return program
}

// applied returns the text of a file with all edits.
func applied(t *testing.T, file string, edits []edit) string {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := string(source)
	for _, e := range edits {
		if n := strings.Count(text, e.old); n != 1 {
			t.Fatalf("%s holds %q %d times, want once", file, e.old, n)
		}
		text = strings.Replace(text, e.old, e.new, 1)
	}
	return text
}

// goBuild builds as the Makefile does, so that most of it is in Go's cache.
func goBuild(t *testing.T, root string, replaced map[string]string, env []string, output, program string) {
	t.Helper()
	overlay, err := json.Marshal(map[string]any{"Replace": replaced})
	if err != nil {
		t.Fatal(err)
	}
	name := output + ".overlay"
	write(t, name, string(overlay))
	cmd := exec.Command("go", "build", "-buildvcs=false", "-trimpath", "-overlay", name, "-ldflags", "-s -w -X main.version=next", "-o", output, program)
	cmd.Dir = root
	cmd.Env = append(append(os.Environ(), "CGO_ENABLED=0"), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", cmd, err, out)
	}
}

func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}
