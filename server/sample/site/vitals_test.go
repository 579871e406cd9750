package site_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/sample/site"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/vitals"
)

// The figures are the process's own: it has memory, goroutines and two streams,
// appends, and hands what it has appended to those who read.
func TestTheVitalSignsAreReal(t *testing.T) {
	r := newRig(t)
	ann := r.visit()
	ann.open("room.lobby")
	wall := ann.open("vitals")
	for range 20 {
		say(ann, "hi", "")
	}
	_, s := hear(wall, vitals.Sampled)
	for s.Appended == 0 || s.Streams != 2 { // the first may be of before
		_, s = hear(wall, vitals.Sampled)
	}
	for what, ok := range map[string]bool{
		"cpu":        s.CPU >= 0 && s.CPU <= float64(runtime.NumCPU())+1,
		"memory":     s.Memory > s.Heap && s.Memory < 1<<34,
		"heap":       s.Heap > 100<<10,
		"goroutines": s.Goroutines > 5 && s.Goroutines < 10_000,
		"append":     s.Append > 0 && s.AppendMax > 0 && s.Append < 10_000,
		"delivered":  s.Delivered >= 0 && s.Sent >= s.Delivered,
		"the time":   time.Since(s.At) < time.Minute,
	} {
		if !ok {
			t.Errorf("%s: %+v", what, s)
		}
	}
	for _, e := range r.events(vitals.Wall) {
		if got := e.Expires().Sub(e.Time()); got != vitals.Window {
			t.Errorf("a sample is kept for %v", got)
		}
	}
}

// A log whose health can be asked for can still be.
func TestTheLogsHealthIsAskedFor(t *testing.T) {
	var sick sickLog
	r := newRig(t, func(o *site.Options) { sick.Log = o.Log; o.Log = &sick })
	probe := func() int {
		w := httptest.NewRecorder()
		r.site.Admin().ServeHTTP(w, httptest.NewRequest("GET", "/healthz", nil))
		return w.Code
	}
	until(t, "the site is well", func() bool { return probe() == 200 })
	sick.sick.Store(true)
	if got := probe(); got != 503 {
		t.Errorf("with a sick log: status %d", got)
	}
}

// A sickLog is one that may be unwell.
type sickLog struct {
	eventlog.Log
	sick atomic.Bool
}

func (l *sickLog) Health() error {
	if l.sick.Load() {
		return errors.New("the disk is full")
	}
	return nil
}

// A node that cannot reach its log takes no traffic, and is not restarted.
func TestReadinessFollowsTheLog(t *testing.T) {
	log := &outageLog{}
	r := newRig(t, func(o *site.Options) { log.Log = o.Log; o.Log = log })
	probe := func(path string) int {
		w := httptest.NewRecorder()
		r.site.Admin().ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		return w.Code
	}
	until(t, "the site is ready", func() bool { return probe("/readyz") == 200 && probe("/healthz") == 200 })
	for _, test := range []struct {
		err  error
		want int
	}{{eventlog.ErrUnavailable, 503}, {nil, 200}} {
		log.tell(test.err)
		for path, want := range map[string]int{"/readyz": test.want, "/healthz": test.want, "/livez": 200} {
			if got := probe(path); got != want {
				t.Errorf("with the log at %v: %s is %d, want %d", test.err, path, got, want)
			}
		}
	}
}

// An outageLog is one whose tail says what a test wants.
type outageLog struct {
	eventlog.Log
	mu sync.Mutex // fn is called by one goroutine at a time
	fn func([]event.Event, error)
}

func (l *outageLog) Tail(ctx context.Context, from uint64, fn func([]event.Event, error)) error {
	l.mu.Lock()
	l.fn = fn
	l.mu.Unlock()
	return l.Log.Tail(ctx, from, func(batch []event.Event, err error) {
		l.mu.Lock()
		defer l.mu.Unlock()
		fn(batch, err)
	})
}

func (l *outageLog) tell(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fn(nil, err)
}
