// Package gotool runs the go command, for the programs in web.
//
//	root, err := gotool.Root(ctx)
//	out, err := gotool.Command{Dir: root, Env: gotool.Browser}.Output(ctx, "list", "./...")
//
// # Promises
//
//   - A failure is an [*Error] with the output of the go command.
//   - When ctx ends, the go command is interrupted, and killed after five seconds.
package gotool

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Browser is the environment for building for browsers.
var Browser = []string{"GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0"}

// A Command is the directory and environment in which the go command runs.
type Command struct {
	Dir string // the working directory if empty
	Env []string
}

// An Error is a failure of the go command.
type Error struct {
	Verb   string // as in go build
	Stderr string // its output, trimmed
	Err    error  // its exit status
}

func (e *Error) Error() string {
	if e.Stderr == "" {
		return fmt.Sprintf("go %s: %v", e.Verb, e.Err)
	}
	return fmt.Sprintf("go %s:\n%s", e.Verb, e.Stderr)
}

func (e *Error) Unwrap() error { return e.Err }

// Reason returns the first line with a reason: lines about downloads may come
// before, and advice after.
func (e *Error) Reason() string {
	for line := range strings.Lines(e.Stderr) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "go: downloading ") && !strings.HasPrefix(line, "# ") {
			return fmt.Sprintf("go %s: %s", e.Verb, strings.TrimPrefix(line, "go: "))
		}
	}
	return e.Error()
}

// Output runs the go command and returns its output, also if it fails.
func (c Command) Output(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Env = c.Dir, append(os.Environ(), c.Env...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	out, err := cmd.Output()
	var failed *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.As(err, &failed):
		return out, &Error{args[0], strings.TrimSpace(string(failed.Stderr)), err}
	}
	return out, err
}

// Root returns the directory of the module that contains the working directory.
func Root(ctx context.Context) (string, error) {
	out, err := Command{}.Output(ctx, "env", "GOMOD")
	if err != nil {
		return "", err
	}
	file := strings.TrimSpace(string(out))
	if filepath.Base(file) != "go.mod" {
		return "", errors.New("this directory is in no module")
	}
	return filepath.Dir(file), nil
}
