//go:build !js

package live

import (
	"cmp"
	"encoding/json"
	"slices"
	"sync"
	"testing"
)

// A mounted is a rig whose browser is the test's.
type mounted struct {
	*rig
	dispatched int               // how often go-app would have drawn
	kept       map[string]string // by the browser
	queue      chan func()
	held       chan struct{} // closed to let the server answer; nil for at once

	mu     sync.Mutex
	states map[string]carriedState // what the server answers, by address
	reads  []string                // what it was asked for

	refuses int // the status for what it does not answer; 503 if it is 0
}

// serve sets what the server answers.
func (r *mounted) serve(states map[string]carriedState) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.states = states
}

// asked returns what the server was asked for.
func (r *mounted) asked() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.reads)
}

// answer is the server's to a read.
func (r *mounted) answer(url string) (int, []byte, error) {
	r.mu.Lock()
	r.reads = append(r.reads, url)
	c, ok := r.states[url]
	r.mu.Unlock()
	if r.held != nil {
		<-r.held
	}
	if !ok {
		return cmp.Or(r.refuses, 503), nil, nil
	}
	body, err := json.Marshal(c)
	return 200, body, err
}

func newMounted(opts Options) *mounted {
	return &mounted{rig: newRig(opts), kept: map[string]string{}, queue: make(chan func(), 1000)}
}

// mountIn mounts the page and ends with the test.
func (r *mounted) mountIn(t *testing.T) {
	r.mount(r.testView())
	t.Cleanup(r.Close)
}

// testView is the view of a page whose browser is the test's.
func (r *mounted) testView() view {
	return view{
		dispatch: func(fn func()) { r.queue <- fn },
		async:    func(fn func()) { go fn() },
		get: func(key string, v any) error {
			if text, ok := r.kept[key]; ok {
				return json.Unmarshal([]byte(text), v)
			}
			return nil
		},
		recall: func(key string, v any) error {
			if text, ok := r.kept[key]; ok {
				return json.Unmarshal([]byte(text), v)
			}
			return nil
		},
		keep: func(key string, v any) error {
			text, err := json.Marshal(v)
			r.kept[key] = string(text)
			return err
		},
		read: r.answer,
		set: func(key string, v any) error {
			text, err := json.Marshal(v)
			r.kept[key] = string(text)
			return err
		},
	}
}

// draw is go-app's goroutine: it does what has been dispatched.
func (r *mounted) draw() {
	for {
		select {
		case fn := <-r.queue:
			r.dispatched++
			fn()
		default:
			return
		}
	}
}
