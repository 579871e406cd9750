// Command wasmexec runs a Go test binary for js/wasm in a real browser:
//
//	go build -o /tmp/wasmexec ./e2e/wasmexec
//	GOOS=js GOARCH=wasm go test -exec /tmp/wasmexec ./app/source/
//
// It serves the binary to a headless browser of its own, passes on what the
// test writes, as it is written, and ends with the test's exit code. The
// browser and its profile are gone by then. The exit code is 2 if there is no
// browser, if it ends by itself, or if the test outlasts its -test.timeout by
// more than half a minute.
//
// The browser is the one named by BROWSER, or else the first of chromium,
// chromium-browser and google-chrome on the PATH. Of the environment, the
// variables that begin with GO or SEAWAY_ reach the test. The only
// files are those it makes itself, in memory: a test cannot read testdata, and
// the profiles it writes are lost.
//
// From the same origin the test can have its own streams served: see package
// script.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

// grace is for the browser's start and end, and for a test that ran out of
// time to print its stacks first.
const grace = 30 * time.Second

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: wasmexec test.wasm [arguments]")
		os.Exit(2)
	}
	// SIGQUIT is what go test sends first when a test takes too long.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT)
	code, err := run(ctx, os.Args[1], os.Args[2:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "wasmexec:", err)
		code = 2
	}
	os.Exit(code)
}

// run runs one test binary and returns its exit code.
func run(ctx context.Context, wasm string, args []string) (int, error) {
	path, err := findBrowser(os.Getenv)
	if err != nil {
		return 0, err
	}
	goroot, err := findGoroot(ctx)
	if err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, testTimeout(args)+grace, errors.New("the test did not end in time"))
	defer cancel()

	page := newPage(wasm, goroot, args, os.Environ())
	url, stop, err := page.serve()
	if err != nil {
		return 0, err
	}
	defer stop()
	b, err := launch(path, url)
	if err != nil {
		return 0, err
	}
	defer b.kill()

	select {
	case code := <-page.exited:
		return code, nil
	case <-b.ended:
		return 0, fmt.Errorf("%s ended before the test did:\n%s", path, b.said())
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
}

// testTimeout returns the time that go test gave the test.
func testTimeout(args []string) time.Duration {
	const byDefault = 10 * time.Minute
	for _, arg := range args {
		if value, ok := strings.CutPrefix(arg, "-test.timeout="); ok {
			if d, err := time.ParseDuration(value); err == nil && d > 0 {
				return d
			}
		}
	}
	return byDefault
}
