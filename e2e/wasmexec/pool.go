package main

import (
	"context"
	"sync"

	"github.com/seawaykit/seaway/e2e/wasmexec/browser"
)

// A pool keeps the browsers in which a test has ended for the tests to come. It
// has as many of one program as tests ran in it at the same time.
type pool struct {
	mu     sync.Mutex
	closed bool
	idle   map[string][]*window // by the program's path
}

func newPool() *pool { return &pool{idle: map[string][]*window{}} }

// run runs the page's test in one browser and returns its exit code.
func (o *pool) run(ctx context.Context, program browser.Program, p *page) (int, error) {
	w := o.take(program)
	code, err := w.run(ctx, p)
	if err != nil || !o.put(w) {
		w.close()
	}
	return code, err
}

func (o *pool) take(program browser.Program) *window {
	o.mu.Lock()
	defer o.mu.Unlock()
	idle := o.idle[program.Path]
	if len(idle) == 0 {
		return newWindow(program)
	}
	w := idle[len(idle)-1]
	o.idle[program.Path] = idle[:len(idle)-1]
	return w
}

// put takes a browser back. It returns false if the pool was closed meanwhile.
func (o *pool) put(w *window) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.closed {
		o.idle[w.program.Path] = append(o.idle[w.program.Path], w)
	}
	return !o.closed
}

// close ends the browsers. Those that run a test end with it.
func (o *pool) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	for _, windows := range o.idle {
		for _, w := range windows {
			w.close()
		}
	}
	clear(o.idle)
}
