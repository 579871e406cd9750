package live

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// operate runs a command of testProgram and returns its exit status and output.
func operate(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	status = testProgram().run(t.Context(), args, func(string) string { return "" }, &out, &errs)
	return status, out.String(), errs.String()
}

// A program that serves is backed up by another process of it, and one that begins with
// the copy has its events.
func TestMain_BacksUpTheLogOfARunningServer(t *testing.T) {
	t.Parallel()
	dir, copied := t.TempDir(), filepath.Join(t.TempDir(), "copy")
	address := url(t, start(t, testProgram(), "-addr", "127.0.0.1:0", "-data", dir).lines, "listening")
	call(t, address, "live.write", `{"text":"before"}`)
	if status, stdout, stderr := operate(t, "backup", copied, "-data", dir); status != 0 || !strings.HasPrefix(stdout, copied+": events up to number 1, ") {
		t.Fatalf("it ends with %d: %s%s", status, stdout, stderr)
	}
	call(t, address, "live.write", `{"text":"after"}`)
	for _, at := range []string{copied, dir} {
		if status, stdout, _ := operate(t, "check", at); status != 0 || !strings.HasPrefix(stdout, at+": whole, events up to number ") {
			t.Errorf("the check of %s ends with %d: %s", at, status, stdout)
		}
	}
	again := start(t, testProgram(), "-addr", "127.0.0.1:0", "-data", copied)
	open := follow(t, url(t, again.lines, "listening")+"/events?topic=notes&last=10")
	if got := open.next("live.written"); got != `{"text":"before"}` {
		t.Errorf("the copy has %s", got)
	}
}

func TestMain_ChecksALog(t *testing.T) {
	dir := t.TempDir()
	r := start(t, testProgram(), "-addr", "127.0.0.1:0", "-data", dir)
	url(t, r.lines, "listening")
	r.stop()
	if status := within(t, "the end", r.status); status != 0 {
		t.Fatalf("it ended with %d", status)
	}
	if err := os.Remove(filepath.Join(dir, "GENERATIONS")); err != nil {
		t.Fatal(err)
	}
	status, stdout, _ := operate(t, "check", "-data", dir)
	if status != 1 || strings.Count(stdout, "\n") != 1 || !strings.Contains(stdout, "GENERATIONS") {
		t.Errorf("of a damaged log it ends with %d: %s", status, stdout)
	}
	if status, _, stderr := operate(t, "check", t.TempDir()); status != 1 || strings.Count(stderr, "\n") != 1 {
		t.Errorf("of no log it ends with %d: %s", status, stderr)
	}
}

func TestMain_WritesItsSchema(t *testing.T) {
	status, stdout, _ := operate(t, "schema", "typescript")
	if status != 0 || !strings.Contains(stdout, `  "live.written": LiveWritten;`) || !strings.Contains(stdout, `  "live.write": { request: LiveWriteRequest; reply: LiveWriteReply };`) {
		t.Errorf("it ends with %d: %s", status, stdout)
	}
	if status, stdout, _ := operate(t, "schema", "json"); status != 0 || !strings.Contains(stdout, `"live.written": {`) {
		t.Errorf("it ends with %d: %s", status, stdout)
	}
}

func TestMain_RefusesWrongArgumentsOfCommands(t *testing.T) {
	for _, args := range [][]string{{"backup"}, {"backup", "a", "b"}, {"backup", "a", "-such"}, {"check", "a", "b"}, {"schema"}, {"schema", "xml"}} {
		if status, _, stderr := operate(t, args...); status != 2 || !strings.Contains(stderr, "usage: notes "+args[0]) {
			t.Errorf("%v ends with %d: %s", args, status, stderr)
		}
	}
	if status, stdout, _ := operate(t, "backup", "-help"); status != 0 || stdout != "Usage: notes backup DIR [-data DIR]\n" {
		t.Errorf("-help ends with %d: %s", status, stdout)
	}
}
