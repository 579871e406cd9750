package eventlogtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// A recorder runs a tail and keeps its events.
type recorder struct {
	t      *testCase
	stop   func() error // ends the tail and returns its error
	before func()       // called before a batch is recorded, if not nil

	mu       sync.Mutex
	events   []event.Event
	caughtUp []int // how many events there were at each empty batch
	outages  int
	broken   error // the first promise that was not kept
	ended    bool
}

// tail starts a tail, which ends with the test at the latest.
func (t *testCase) tail(log eventlog.Log, from uint64, before func()) *recorder {
	ctx, cancel := context.WithCancel(t.Context())
	r := &recorder{t: t, before: before}
	done, err := make(chan struct{}), error(nil)
	go func() {
		defer close(done)
		err = log.Tail(ctx, from, r.record)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.ended = true
	}()
	r.stop = func() error {
		cancel()
		<-done
		return err
	}
	t.Cleanup(func() { r.stop() })
	return r
}

func (r *recorder) record(batch []event.Event, err error) {
	if r.before != nil {
		r.before()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case err != nil && (!errors.Is(err, eventlog.ErrUnavailable) || len(batch) > 0):
		r.fail("a batch of %d came with the error %v", len(batch), err)
	case err != nil:
		r.outages++
	case len(batch) == 0:
		r.caughtUp = append(r.caughtUp, len(r.events))
	}
	for _, e := range batch {
		if n := len(r.events); n > 0 && e.ID().Seq() <= r.events[n-1].ID().Seq() {
			r.fail("%s came after %s", e.ID(), r.events[n-1].ID())
		}
		r.events = append(r.events, e)
	}
}

func (r *recorder) fail(format string, args ...any) {
	if r.broken == nil {
		r.broken = fmt.Errorf(format, args...)
	}
}

// until waits until the tail has given all it should. It fails at once if the
// tail breaks a promise or ends.
func (r *recorder) until(look func() error) {
	r.t.Helper()
	r.t.eventually(func() error {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.broken != nil || r.ended {
			r.t.Fatalf("the tail broke off (ended: %t): %v", r.ended, r.broken)
		}
		return look()
	})
}

// shows waits until the tail has given exactly these events.
func (r *recorder) shows(want []event.ID) {
	r.t.Helper()
	r.until(func() error {
		if len(r.events) < len(want) {
			return fmt.Errorf("the tail gave %d events, want %d", len(r.events), len(want))
		}
		if got := ids(r.events); !slices.Equal(got, want) {
			r.t.Fatalf("the tail gave\n%v, want\n%v", got, want)
		}
		return nil
	})
}

// isCaughtUp waits until the tail has reported n times that it has caught up.
func (r *recorder) isCaughtUp(n int) {
	r.t.Helper()
	r.until(func() error {
		if len(r.caughtUp) < n {
			return fmt.Errorf("the tail has caught up %d times, want %d", len(r.caughtUp), n)
		}
		return nil
	})
}

// ends waits for the tail to end by itself, with the error.
func (r *recorder) ends(want error) {
	r.t.Helper()
	r.t.eventually(func() error {
		r.mu.Lock()
		defer r.mu.Unlock()
		if !r.ended {
			return fmt.Errorf("the tail goes on, want it to end with %v", want)
		}
		return nil
	})
	if err := r.stop(); !errors.Is(err, want) {
		r.t.Fatalf("the tail ended with %v, want %v", err, want)
	}
}
