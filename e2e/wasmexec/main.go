// Command wasmexec runs a Go test binary for js/wasm in a real browser:
//
//	go build -C e2e -o /tmp/wasmexec ./wasmexec
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
// With -keep as the first argument it runs a command, and keeps the browsers of
// the tests that the command runs for the tests to come, which then need not wait
// for a browser to start:
//
//	wasmexec -keep go test -exec wasmexec ./app/...
//
// Each test has a page at an origin of its own. A browser in which a test did not
// end is not kept, and all have ended when the command has.
//
// Of the environment, the variables that begin with GO or SEAWAY_ reach the
// test. The only files are those it makes itself, in memory: a test cannot read
// testdata, and the profiles it writes are lost.
//
// From the same origin the test can have its own streams served: see package
// transporttest.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

// grace is for the browser's start and end, and for a test that ran out of
// time to print its stacks first.
const grace = 2 * time.Minute

func main() {
	// SIGQUIT is what go test sends first when a test takes too long.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT)
	code, err := do(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "wasmexec:", err)
		code = 2
	}
	os.Exit(code)
}

// do does what the arguments say and returns the exit code.
func do(ctx context.Context, args []string) (int, error) {
	mode := ""
	if len(args) > 0 && (args[0] == "-both" || args[0] == "-keep") {
		mode, args = args[0], args[1:]
	}
	if len(args) == 0 {
		return 0, errUsage
	}
	if mode == "-keep" {
		return runCommand(ctx, args)
	}
	wasm, err := filepath.Abs(args[0])
	if err != nil {
		return 0, err
	}
	t := test{Both: mode == "-both", Browser: os.Getenv("BROWSER"), Wasm: wasm, Args: args[1:], Env: os.Environ()}
	if socket := os.Getenv(socketVariable); socket != "" {
		return ask(ctx, socket, t)
	}
	browsers := newPool()
	defer browsers.close()
	return t.run(ctx, browsers, os.Stdout, os.Stderr)
}

var errUsage = errors.New("usage: wasmexec [-both] test.wasm [arguments], or wasmexec -keep command [arguments]")
