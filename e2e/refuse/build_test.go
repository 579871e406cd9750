package refuse_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A platform is one that a half is compiled for.
type platform struct{ os, arch string }

var (
	native = platform{}
	wasm   = platform{"js", "wasm"}
)

func (p platform) String() string {
	if p == native {
		return "this machine"
	}
	return p.os
}

// An edit replaces one text of a package's file, which must hold it exactly
// once.
type edit struct{ half, old, new string }

// build compiles one half after an edit, without linking it, and returns what
// the compiler said.
func build(t *testing.T, half string, p platform, e *edit) (said string, err error) {
	t.Helper()
	args := []string{"build"}
	if e != nil {
		args = append(args, "-overlay", overlay(t, *e))
	}
	cmd := exec.Command("go", append(args, "./testdata/"+half)...)
	if p != native {
		cmd.Env = append(os.Environ(), "GOOS="+p.os, "GOARCH="+p.arch)
	}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// overlay writes an edited file beside a description that lets the go command
// read it in the place of the real one.
func overlay(t *testing.T, e edit) string {
	t.Helper()
	file, err := filepath.Abs(filepath.Join("testdata", e.half, e.half+".go"))
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(source), e.old); n != 1 {
		t.Fatalf("%s holds %q %d times, want once", file, e.old, n)
	}
	edited := filepath.Join(t.TempDir(), e.half+".go")
	write(t, edited, strings.Replace(string(source), e.old, e.new, 1))
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{file: edited}})
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "overlay.json")
	write(t, name, string(replace))
	return name
}

func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}
