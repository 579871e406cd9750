package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/seawaykit/seaway/e2e/wasmexec/browser"
)

// moveTime bounds how long a browser may take from one page to the next. One that
// takes longer was left in a bad state by the last test, and is started anew.
const moveTime = time.Minute

// A window is a browser that shows one page after the other, each at an origin of
// its own: no test sees what another has stored, nor its service workers.
type window struct {
	program browser.Program
	process *browser.Process // nil before the first page
	page    *page            // that is shown
	leave   func()           // ends what serves it
	origins map[string]bool  // of all pages so far
}

func newWindow(program browser.Program) *window {
	return &window{program: program, origins: map[string]bool{}}
}

// run shows the page and returns its test's exit code. After an error the window
// must be closed.
func (w *window) run(ctx context.Context, p *page) (int, error) {
	defer p.detach()
	if err := w.show(ctx, p); err != nil {
		return 0, err
	}
	select {
	case code := <-p.exited:
		return code, nil
	case <-w.process.Ended():
		return 0, fmt.Errorf("%s ended before the test did:\n%s", w.program.Path, w.process.Output())
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
}

// show has the browser open a page, instead of the one that is shown.
func (w *window) show(ctx context.Context, p *page) error {
	url, leave, err := w.serve(p)
	if err != nil {
		return err
	}
	if w.process != nil {
		w.page.next <- url
		moved := w.awaits(ctx, p)
		w.leave()
		if moved {
			w.page, w.leave = p, leave
			return nil
		}
		fmt.Fprintf(os.Stderr, "wasmexec: %s has not left its page and is started anew\n", w.program.Make)
		w.process.Kill()
	}
	w.page, w.leave = p, leave
	w.process, err = w.program.Launch(url)
	return err
}

// serve serves the page where this browser has been shown none before: a port
// that is free may have been another page's.
func (w *window) serve(p *page) (url string, leave func(), err error) {
	for {
		url, leave, err = p.serve()
		if err != nil || !w.origins[url] {
			w.origins[url] = true
			return url, leave, err
		}
		defer leave() // so that the next port is another
	}
}

// awaits reports whether the browser loads the page.
func (w *window) awaits(ctx context.Context, p *page) bool {
	limit := time.NewTimer(moveTime)
	defer limit.Stop()
	select {
	case <-p.loaded:
		return true
	case <-limit.C:
	case <-w.process.Ended():
	case <-ctx.Done():
	}
	return false
}

// close ends the browser.
func (w *window) close() {
	if w.process != nil {
		w.process.Kill()
	}
	if w.leave != nil {
		w.leave()
	}
}
