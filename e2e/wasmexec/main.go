// Command wasmexec runs a Go test binary for js/wasm in a real browser:
//
//	go build -o /tmp/wasmexec ./e2e/wasmexec
//	GOOS=js GOARCH=wasm go test -exec /tmp/wasmexec ./app/source/
//
// It serves the binary to a headless browser of its own, passes on what the
// test writes, as it is written, and ends with the test's exit code. The
// browser and its profile are gone by then. The exit code is 2 if there is no
// browser, if it ends by itself, or if the test outlasts its -test.timeout by
// more than two minutes.
//
// The browser is the one named by BROWSER, a Chromium or a Firefox, or else the
// Chromium that is installed. With -both as the first argument the test runs in
// Chromium and in Firefox at the same time, whatever BROWSER says; what it wrote
// in each is passed on at the end, and the exit code is the higher one.
//
// Of the environment, the variables that begin with GO or SEAWAY_ reach the
// test. The only files are those it makes itself, in memory: a test cannot read
// testdata, and the profiles it writes are lost.
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

	"github.com/seawaykit/seaway/e2e/wasmexec/browser"
)

// grace is for the browser's start and end, and for a test that ran out of
// time to print its stacks first.
const grace = 2 * time.Minute

func main() {
	args := os.Args[1:]
	both := len(args) > 0 && args[0] == "-both"
	if both {
		args = args[1:]
	}
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "usage: wasmexec [-both] test.wasm [arguments]")
		os.Exit(2)
	}
	// SIGQUIT is what go test sends first when a test takes too long.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT)
	code, err := run(ctx, both, args[0], args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "wasmexec:", err)
		code = 2
	}
	os.Exit(code)
}

// run runs one test binary in one browser or in both and returns its exit code.
func run(ctx context.Context, both bool, wasm string, args []string) (int, error) {
	programs, err := choose(both, os.Getenv("BROWSER"))
	if err != nil {
		return 0, err
	}
	goroot, err := findGoroot(ctx)
	if err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, testTimeout(args)+grace, errors.New("the test did not end in time"))
	defer cancel()
	if !both {
		return runIn(ctx, programs[0], newPage(wasm, goroot, args, os.Environ(), os.Stdout, os.Stderr))
	}
	return runInEach(ctx, programs, func(out *output) *page { return newPage(wasm, goroot, args, os.Environ(), out, out) })
}

// choose returns the browsers to run in.
func choose(both bool, name string) (programs []browser.Program, err error) {
	if !both && name != "" {
		p, err := browser.Named(name)
		return []browser.Program{p}, err
	}
	makes := []browser.Make{browser.Chromium, browser.Firefox}
	if !both {
		makes = makes[:1]
	}
	for _, m := range makes {
		p, err := m.Find()
		if err != nil {
			return nil, err
		}
		programs = append(programs, p)
	}
	return programs, nil
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
