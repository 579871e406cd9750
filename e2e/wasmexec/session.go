package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/seawaykit/seaway/e2e/wasmexec/browser"
)

// runIn runs the page's test in one browser and returns its exit code.
func runIn(ctx context.Context, program browser.Program, p *page) (int, error) {
	url, stop, err := p.serve()
	if err != nil {
		return 0, err
	}
	defer stop()
	b, err := program.Launch(url)
	if err != nil {
		return 0, err
	}
	defer b.Kill()

	select {
	case code := <-p.exited:
		return code, nil
	case <-b.Ended():
		return 0, fmt.Errorf("%s ended before the test did:\n%s", program.Path, b.Said())
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
}

// runInEach runs a test in several browsers at once, each with a page of its
// own. One that fails does not end the others: that they fail too, or do not,
// is the news.
func runInEach(ctx context.Context, programs []browser.Program, newPage func(*output) *page) (code int, err error) {
	codes, errs, outputs := make([]int, len(programs)), make([]error, len(programs)), make([]output, len(programs))
	var wg sync.WaitGroup
	for i, program := range programs {
		wg.Go(func() { codes[i], errs[i] = runIn(ctx, program, newPage(&outputs[i])) })
	}
	wg.Wait()
	for i, program := range programs {
		fmt.Printf("=== in %s\n%s", program.Make, outputs[i].text.String())
		code = max(code, codes[i])
		if errs[i] != nil {
			errs[i] = fmt.Errorf("%s: %w", program.Make, errs[i])
		}
	}
	return code, errors.Join(errs...)
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
