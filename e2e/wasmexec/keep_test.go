package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// counted returns a program that starts a browser, and a function that returns
// how often it was started.
func counted(t *testing.T, name string) (program string, starts func() int) {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	program = filepath.Join(dir, name)
	script := fmt.Sprintf("#!/bin/sh\necho >> %s/starts\nexec %s \"$@\"\n", dir, path)
	if err := os.WriteFile(program, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return program, func() int {
		text, err := os.ReadFile(filepath.Join(dir, "starts"))
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Count(text, []byte("\n"))
	}
}

// keeping returns the runner as a command that runs a shell script, in which $RUN
// is the runner itself and $WASM the program.
func keeping(t *testing.T, browser, script string) *exec.Cmd {
	t.Helper()
	cmd := runner(t, "-keep", "sh", "-c", script)
	cmd.Env = append(cmd.Env, "BROWSER="+browser, "WASM="+program(t), "RUN="+cmd.Path)
	return cmd
}

// Tests share a browser, and nothing in it. What one does to its page does not
// matter to the next, and a browser in which one has hung is not used again.
func TestKeepSharesABrowser(t *testing.T) {
	for _, name := range []string{"chromium", "firefox-esr"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			browser, starts := counted(t, name)
			cmd := keeping(t, browser, `
				$RUN $WASM store; $RUN $WASM store 3; echo "code $?"; $RUN $WASM replace; $RUN $WASM panic 2>/dev/null; echo "code $?"
				$RUN $WASM store`)
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			stdout, err := cmd.Output()
			want := "nothing is stored\nnothing is stored\ncode 3\nreplaced\ncode 2\nnothing is stored\n"
			if code := exitCode(t, err); code != 0 || string(stdout) != want {
				t.Errorf("exit code %d, stdout\n\t%q, want\n\t%q; stderr:\n%s", code, stdout, want, &stderr)
			}
			if n := starts(); n != 1 {
				t.Errorf("%s was started %d times", name, n)
			}
		})
	}
}

func TestKeepStartsAnotherBrowserAfterOneThatHung(t *testing.T) {
	browser, starts := counted(t, "chromium")
	cmd := keeping(t, browser, `
		$RUN $WASM hang > out & until grep -q hanging out; do :; done
		kill -QUIT $!; wait $!; echo "code $?"
		$RUN $WASM args; exit 7`)
	cmd.Dir = t.TempDir()
	stdout, err := cmd.Output()
	if code := exitCode(t, err); code != 7 || string(stdout) != "code 2\n[program.wasm args]\n" {
		t.Errorf("exit code %d, stdout %q", code, stdout)
	}
	if n := starts(); n != 2 {
		t.Errorf("chromium was started %d times", n)
	}
}

func TestKeepRunsTestsInBothBrowsersAtTheSameTime(t *testing.T) {
	cmd := keeping(t, "", `$RUN -both $WASM only Firefox > 1 & $RUN -both $WASM only Chrome > 2; echo $?; wait $!; echo $?; cat 1 2`)
	cmd.Dir = t.TempDir()
	stdout, err := cmd.Output()
	want := "3\n3\n=== in Chromium\n=== in Firefox\nit is Firefox\n=== in Chromium\nit is Chrome\n=== in Firefox\n"
	if code := exitCode(t, err); code != 0 || string(stdout) != want {
		t.Errorf("exit code %d, stdout\n\t%q, want\n\t%q", code, stdout, want)
	}
}

// The runner's cleanup finds what is left behind: profiles, and the socket.
func TestKeepEndsItsBrowsersWithASignal(t *testing.T) {
	cmd := keeping(t, "chromium", `$RUN $WASM args; $RUN $WASM hang`)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	for buf := make([]byte, 1); !strings.HasSuffix(said.String(), "hanging\n"); {
		if _, err := stdout.Read(buf); err != nil {
			t.Fatal(err)
		}
		said.Write(buf)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := exitCode(t, cmd.Wait()); code != 2 {
		t.Errorf("exit code %d, want 2", code)
	}
}

func TestKeepReportsTheCommandThatIsNotThere(t *testing.T) {
	out, err := runner(t, "-keep", "/no/such/command").CombinedOutput()
	if code := exitCode(t, err); code != 2 || !strings.Contains(string(out), "/no/such/command") {
		t.Errorf("exit code %d, output %s", code, out)
	}
}
