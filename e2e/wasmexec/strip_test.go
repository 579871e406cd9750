package main

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A page goes without the tables of files and lines: see web/page. What else the
// program does is as before, and a trace names its functions.
func TestStrippedProgramInTheBrowser(t *testing.T) {
	dir := t.TempDir()
	builder := filepath.Join(dir, "page") // of another module
	for _, args := range [][]string{
		{"go", "build", "-C", "../..", "-o", builder, "./web/page"},
		{builder, "-trim=false", "-quality", "0", "-o", dir, "-work", t.TempDir(), "./testdata/program"},
	} {
		if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%q: %v\n%s", args, err, out)
		}
	}
	wasm := filepath.Join(dir, "app.wasm")
	var stdout, stderr bytes.Buffer
	cmd := runner(t, wasm, "recover")
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	code := exitCode(t, cmd.Run())
	if want := "recovered <nil> by who does not defer\nrecovered deep by who defers\n?:0\n"; code != 0 || stdout.String() != want {
		t.Errorf("exit code %d, stdout\n\t%q, want\n\t%q; stderr:\n%s", code, &stdout, want, &stderr)
	}
	cmd = runner(t, wasm, "panic")
	cmd.Stderr = &stderr
	code = exitCode(t, cmd.Run())
	trace := stderr.String()
	if code != 2 || !strings.Contains(trace, "panic: on purpose") || !strings.Contains(trace, "main.main()") || strings.Contains(trace, ".go:") {
		t.Errorf("exit code %d, stderr:\n%s", code, trace)
	}
}
