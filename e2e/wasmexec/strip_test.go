package main

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"
)

// A page goes without the tables of files and lines: see web/strip. What else the
// program does is as before, and a trace names its functions.
func TestAStrippedProgramInTheBrowser(t *testing.T) {
	wasm := program(t)
	if out, err := exec.Command("go", "run", "../../web/strip", "-o", wasm, wasm).CombinedOutput(); err != nil {
		t.Fatalf("strip: %v\n%s", err, out)
	}
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
