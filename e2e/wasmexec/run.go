package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/seawaykit/seaway/e2e/wasmexec/browser"
)

// A test is what is to be run.
type test struct {
	Both    bool     // in both browsers, else in the named one
	Browser string   // a program's name; empty for the Chromium that is installed
	Wasm    string   // the path of the test binary
	Args    []string // its arguments
	Env     []string
}

// run runs the test in one browser or in both and returns its exit code.
func (t test) run(ctx context.Context, browsers *pool, stdout, stderr io.Writer) (int, error) {
	programs, err := choose(t.Both, t.Browser)
	if err != nil {
		return 0, err
	}
	goroot, err := findGoroot(ctx)
	if err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, testTimeout(t.Args)+grace, errors.New("the test did not end in time"))
	defer cancel()
	if !t.Both {
		return browsers.run(ctx, programs[0], newPage(t.Wasm, goroot, t.Args, t.Env, stdout, stderr))
	}
	return t.runInEach(ctx, browsers, programs, goroot, stdout)
}

// runInEach runs a test in several browsers at once, each with a page of its
// own. One that fails does not end the others: that they fail too, or do not,
// is the news.
func (t test) runInEach(ctx context.Context, browsers *pool, programs []browser.Program, goroot string, stdout io.Writer) (code int, err error) {
	codes, errs, outputs := make([]int, len(programs)), make([]error, len(programs)), make([]output, len(programs))
	var wg sync.WaitGroup
	for i, program := range programs {
		wg.Go(func() {
			out := &outputs[i]
			codes[i], errs[i] = browsers.run(ctx, program, newPage(t.Wasm, goroot, t.Args, t.Env, out, out))
		})
	}
	wg.Wait()
	for i, program := range programs {
		fmt.Fprintf(stdout, "=== in %s\n%s", program.Make, outputs[i].text.String())
		code = max(code, codes[i])
		if errs[i] != nil {
			errs[i] = fmt.Errorf("%s: %w", program.Make, errs[i])
		}
	}
	return code, errors.Join(errs...)
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

// An output is what a test writes, to stdout and to stderr, in order.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}
