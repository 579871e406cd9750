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

// The values are the process's own: it has memory, goroutines and two streams,
// appends events and delivers them.
func TestVitalSignsAreReal(t *testing.T) {
	r := newRig(t)
	ann := r.newGuest()
	ann.open("room.lobby")
	wall := ann.open("vitals")
	for range 20 {
		say(ann, "hi", "")
	}
	_, s := receiveValue(wall, vitals.Sampled)
	for s.Appended == 0 || s.Streams != 2 { // the first may be of before
		_, s = receiveValue(wall, vitals.Sampled)
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
	for _, e := range r.events(vitals.SamplesTopic) {
		if got := e.Expires().Sub(e.Time()); got != vitals.Window {
			t.Errorf("a sample is kept for %v", got)
		}
	}
}

// The health of a log that has a Health method is part of the server's.
func TestHealthOfTheLogIsReported(t *testing.T) {
	var log unhealthyLog
	r := newRig(t, func(o *site.Options) { log.Log = o.Log; o.Log = &log })
	probe := func() int {
		w := httptest.NewRecorder()
		r.site.Admin().ServeHTTP(w, httptest.NewRequest("GET", "/healthz", nil))
		return w.Code
	}
	until(t, "the site is healthy", func() bool { return probe() == 200 })
	log.unhealthy.Store(true)
	if got := probe(); got != 503 {
		t.Errorf("with an unhealthy log: status %d", got)
	}
}

// An unhealthyLog is a log that can be made unhealthy.
type unhealthyLog struct {
	eventlog.Log
	unhealthy atomic.Bool
}

func (l *unhealthyLog) Health() error {
	if l.unhealthy.Load() {
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
		log.report(test.err)
		for path, want := range map[string]int{"/readyz": test.want, "/healthz": test.want, "/livez": 200} {
			if got := probe(path); got != want {
				t.Errorf("with the log at %v: %s is %d, want %d", test.err, path, got, want)
			}
		}
	}
}

// An outageLog is a log whose tails report what a test wants.
type outageLog struct {
	eventlog.Log
	mu  sync.Mutex                   // each is called by one goroutine at a time
	fns []func([]event.Event, error) // of all tails
}

func (l *outageLog) Tail(ctx context.Context, from uint64, fn func([]event.Event, error)) error {
	l.mu.Lock()
	l.fns = append(l.fns, fn)
	l.mu.Unlock()
	return l.Log.Tail(ctx, from, func(batch []event.Event, err error) {
		l.mu.Lock()
		defer l.mu.Unlock()
		fn(batch, err)
	})
}

func (l *outageLog) report(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, fn := range l.fns {
		fn(nil, err)
	}
}
