package durable_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/seawaykit/seaway/server/internal/durable"
)

func ExampleWriteFile() {
	dir, _ := os.MkdirTemp("", "durable")
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "key")
	fmt.Println(durable.WriteFile(name, []byte("old")), durable.WriteFile(name, []byte("new")))
	text, _ := os.ReadFile(name)
	fmt.Printf("%s\n", text)
	// Output:
	// <nil> <nil>
	// new
}

func TestWriteFile_LeavesOneFileForItsOwner(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "key")
	if err := os.WriteFile(name+".new", []byte("a longer text of a try that was cut off"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := durable.WriteFile(name, []byte("text")); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Fatalf("the directory holds %v (%v)", entries, err)
	}
	text, err := os.ReadFile(name)
	if info, _ := entries[0].Info(); err != nil || string(text) != "text" || info.Mode().Perm() != 0o600 {
		t.Errorf("it has %q (%v), with mode %v", text, err, info.Mode())
	}
}

func TestWriteFile_ReportsWhatItCannotWrite(t *testing.T) {
	if err := durable.WriteFile(filepath.Join(t.TempDir(), "no", "such", "key"), nil); err == nil {
		t.Error("there is no error")
	}
}
