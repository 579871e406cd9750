package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The test binary is the runner too, when it is asked to be.
func TestMain(m *testing.M) {
	if os.Getenv("BE_WASMEXEC") != "" {
		main()
	}
	os.Exit(m.Run())
}

// program builds testdata/program.
func program(t *testing.T) string {
	t.Helper()
	wasm := filepath.Join(t.TempDir(), "program.wasm")
	build := exec.Command("go", "build", "-o", wasm, "./testdata/program")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return wasm
}

// runner returns the runner as a command, with a directory of its own for
// temporary files. The test fails if anything is left there.
func runner(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	temp, err := os.MkdirTemp("", "w") // t.TempDir's is too long for the browser's sockets
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), "BE_WASMEXEC=1", "TMPDIR="+temp, "SEAWAY_X=x")
	t.Cleanup(func() {
		left, err := os.ReadDir(temp)
		if err != nil || len(left) != 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
		os.RemoveAll(temp)
	})
	return cmd
}

// exitCode returns how a command ended.
func exitCode(t *testing.T, err error) int {
	t.Helper()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	if err != nil {
		t.Fatal(err)
	}
	return 0
}

func TestProgramInTheBrowser(t *testing.T) {
	wasm := program(t)
	var outLines, errLines strings.Builder
	for i := range 200 {
		fmt.Fprintln(&outLines, "out", i)
		fmt.Fprintln(&errLines, "err", i)
	}
	for _, c := range []struct {
		name   string
		args   []string
		code   int
		stdout string
		stderr string // contained in it
	}{
		{"ends well", nil, 0, "", ""},
		{"ends with a code", []string{"3"}, 3, "", ""},
		{"gets its arguments", []string{"args", "-v", "0"}, 0, "[program.wasm args -v 0]\n", ""},
		{"gets the variables that concern it", []string{"env"}, 0, "\"\" \"x\" \"\"\n", ""},
		{"writes in order", []string{"both"}, 0, outLines.String(), errLines.String()},
		{"has files of its own", []string{"file"}, 0, "one two <nil> open /tmp/text: No such file or directory\n", ""},
		{"replaces fetch", []string{"replace"}, 0, "replaced\n", ""},
		{"panics", []string{"panic"}, 2, "", "panic: on purpose"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cmd := runner(t, append([]string{wasm}, c.args...)...)
			var stdout, stderr bytes.Buffer
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			if code := exitCode(t, cmd.Run()); code != c.code {
				t.Errorf("exit code %d, want %d; stderr:\n%s", code, c.code, &stderr)
			}
			if stdout.String() != c.stdout {
				t.Errorf("stdout\n\t%q, want\n\t%q", &stdout, c.stdout)
			}
			if !strings.Contains(stderr.String(), c.stderr) {
				t.Errorf("stderr\n\t%q, want\n\t%q", &stderr, c.stderr)
			}
		})
	}
}

// With two the worse result counts, and each is told with its browser's name.
func TestBrowsersThatAProgramRunsIn(t *testing.T) {
	wasm := program(t)
	for _, c := range []struct {
		args    []string
		browser string
		code    int
		stdout  string
	}{
		{[]string{wasm, "only", "Firefox"}, "firefox-esr", 3, "it is Firefox\n"},
		{[]string{wasm, "only", "Firefox"}, "chromium", 0, ""},
		{[]string{"-both", wasm, "args"}, "/no/such/browser", 0, "=== in Chromium\n[program.wasm args]\n=== in Firefox\n[program.wasm args]\n"},
		{[]string{"-both", wasm, "only", "Firefox"}, "", 3, "=== in Chromium\n=== in Firefox\nit is Firefox\n"},
		{[]string{"-both", wasm, "only", "Chrome"}, "", 3, "=== in Chromium\nit is Chrome\n=== in Firefox\n"},
	} {
		cmd := runner(t, c.args...)
		cmd.Env = append(cmd.Env, "BROWSER="+c.browser)
		stdout, err := cmd.Output()
		if code := exitCode(t, err); code != c.code || string(stdout) != c.stdout {
			t.Errorf("%q in %q: exit code %d, stdout %q, want %d and %q", c.args, c.browser, code, stdout, c.code, c.stdout)
		}
	}
}

func TestBrowsersMustBothBeThere(t *testing.T) {
	path := t.TempDir()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(chromium, filepath.Join(path, "chromium")); err != nil {
		t.Fatal(err)
	}
	cmd := runner(t, "-both", "program.wasm")
	cmd.Env = append(cmd.Env, "PATH="+path)
	out, err := cmd.CombinedOutput()
	if code := exitCode(t, err); code != 2 || !strings.Contains(string(out), "no Firefox found") {
		t.Errorf("exit code %d, output %s", code, out)
	}
}

func TestSignalEndsTheBrowserToo(t *testing.T) {
	cmd := runner(t, program(t), "hang")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, _ := bufio.NewReader(stdout).ReadString('\n')
	if line != "hanging\n" {
		t.Errorf("the program said %q", line)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := exitCode(t, cmd.Wait()); code != 2 {
		t.Errorf("exit code %d, want 2", code)
	}
}

func TestBrowserThatDoesNotStart(t *testing.T) {
	for _, c := range []struct{ name, browser, says string }{
		{"it is not there", "/no/such/browser", "no browser found"},
		{"it ends at once", "true", "ended before the test did"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cmd := runner(t, "program.wasm")
			cmd.Env = append(cmd.Env, "BROWSER="+c.browser)
			out, err := cmd.CombinedOutput()
			if code := exitCode(t, err); code != 2 || !strings.Contains(string(out), c.says) {
				t.Errorf("exit code %d, output %s", code, out)
			}
		})
	}
}

func TestTimeoutOfATest(t *testing.T) {
	for _, c := range []struct {
		args string
		want time.Duration
	}{
		{"", 10 * time.Minute},
		{"-test.v=true -test.timeout=90s -test.run=X", 90 * time.Second},
		{"-test.timeout=0s", 10 * time.Minute}, // none: the runner keeps one
	} {
		if got := testTimeout(strings.Fields(c.args)); got != c.want {
			t.Errorf("%q: %v, want %v", c.args, got, c.want)
		}
	}
}
