package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// cutsVariable sets how many power cuts are tried: make faults tries 1,000.
const cutsVariable = "SEAWAY_TEST_CUTS"

// cutsOfOne is how many of them one log sees, while it goes on. What the last of them
// has left is the next one's beginning.
const cutsOfOne = 10

// Blocks of 32 KB are full after some hundred events.
var cutRetention = eventlog.Retention{MaxBytes: 120_000}

// Whatever a power cut leaves of what was not synced: the log opens, with every event
// that was acknowledged or shown and has not left by retention, every value, and none of
// the batches in part.
func TestPowerCutLosesNothingThatWasAcknowledgedOrShown(t *testing.T) {
	cuts := 60
	if n, err := strconv.Atoi(os.Getenv(cutsVariable)); err == nil {
		cuts = n
	} else if testing.Short() {
		cuts = 20
	}
	const seed = 17
	random := rand.New(rand.NewPCG(seed, seed))
	next := t.TempDir()
	for done := 0; done < cuts && !t.Failed(); done += cutsOfOne {
		w := newCutWorkload(t, next, fmt.Sprint(done), done/cutsOfOne%2 == 1)
		for i := range cutsOfOne {
			w.await(t)
			left := filepath.Join(t.TempDir(), "data")
			had := w.cut(t, random, left)
			had.check(t, left, fmt.Sprintf("cut %d", done+i))
			next = left
		}
		w.end()
	}
}

// A cutWorkload is a log in use: events of several sizes from several goroutines, some
// that supersede others, batches, values, a tail and a reader.
type cutWorkload struct {
	log   *Log
	disk  *lossyDisk
	stop  context.CancelFunc
	ended sync.WaitGroup
	steps atomic.Int64 // what was acknowledged

	mu       sync.Mutex
	promised promised
}

// promised is what the log has acknowledged or shown.
type promised struct {
	events map[event.ID]bool // which are proved by their keys
	latest uint64            // number of the newest event that supersedes
	values map[string]int    // the highest number stored under a name
	newest uint64
}

// newCutWorkload opens the log and begins. A quiet one has no batches, and so little to do that
// the tail receives events as they are stored.
func newCutWorkload(t *testing.T, dir, name string, quiet bool) *cutWorkload {
	d := newLossyDisk(t, dir)
	ctx, stop := context.WithCancel(t.Context())
	w := &cutWorkload{disk: d, stop: stop, promised: promised{events: map[event.ID]bool{}, values: map[string]int{}}}
	w.log = openLog(t, Options{Dir: dir, Retention: cutRetention, Logger: slog.New(slog.DiscardHandler), disk: d.disk()})
	appenders := 40
	if quiet {
		appenders = 8
	}
	for k := range appenders {
		w.repeat(ctx, t, func(i int) error { return w.append(ctx, fmt.Sprintf("%s-%d-%d", name, k, i), 40+(k*i)%700, false) })
	}
	w.repeat(ctx, t, func(i int) error { return w.append(ctx, fmt.Sprintf("%s-latest-%d", name, i), 400, true) })
	for k := range 3 {
		if quiet {
			break
		}
		w.repeat(ctx, t, func(i int) error { return w.appendAll(ctx, fmt.Sprintf("%s-batch-%d-%d", name, k, i)) })
	}
	for k, size := range []int{200, 100_000} {
		w.repeat(ctx, t, w.putter(ctx, t, fmt.Sprintf("state.%d", k), size))
	}
	w.ended.Go(func() {
		w.log.Tail(ctx, 0, func(batch []event.Event, _ error) { w.note(batch) })
	})
	w.repeat(ctx, t, func(int) error {
		w.mu.Lock()
		from := w.promised.newest + 1
		w.mu.Unlock()
		page, err := w.log.Read(ctx, from, 20)
		w.note(page.Events)
		return err
	})
	return w
}

// repeat calls fn until the workload ends.
func (w *cutWorkload) repeat(ctx context.Context, t *testing.T, fn func(i int) error) {
	w.ended.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			if err := fn(i); err != nil && ctx.Err() == nil && !errors.Is(err, eventlog.ErrGap) {
				t.Error(err)
				return
			}
			w.steps.Add(1)
		}
	})
}

func (w *cutWorkload) append(ctx context.Context, key string, size int, latest bool) error {
	d := event.Draft{Topic: "a", Type: "test", Key: key, Data: []byte(strings.Repeat("x", size)), Latest: latest}
	if latest {
		d.Topic = "latest"
	}
	id, err := w.log.Append(ctx, d)
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.promised.newest = max(w.promised.newest, id.Seq())
	if latest {
		w.promised.latest = max(w.promised.latest, id.Seq())
	} else {
		w.promised.events[id] = true
	}
	return nil
}

func (w *cutWorkload) appendAll(ctx context.Context, key string) error {
	ids, err := w.log.AppendAll(ctx, batchOf(key, 100))
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, id := range ids {
		w.promised.events[id] = true
		w.promised.newest = max(w.promised.newest, id.Seq())
	}
	return nil
}

// putter returns a function that stores a value whose beginning is a number, one higher
// each time.
func (w *cutWorkload) putter(ctx context.Context, t *testing.T, name string, size int) func(int) error {
	var prev event.ID
	n := 0
	v, err := w.log.Get(ctx, name)
	if err == nil {
		prev, n = v.Position, valueNumber(v)
	} else if !errors.Is(err, eventlog.ErrNoValue) {
		t.Fatal(err)
	}
	return func(int) error {
		n++
		v := eventlog.Value{Name: name, Data: fmt.Appendf(nil, "%d %s", n, strings.Repeat("v", size))}
		st, err := w.log.State(ctx)
		if err == nil {
			v.Position = st.Position(st.Last)
			err = w.log.Put(ctx, v, prev)
		}
		if err != nil {
			return err
		}
		prev = v.Position
		w.mu.Lock()
		defer w.mu.Unlock()
		w.promised.values[name] = n
		return nil
	}
}

func valueNumber(v eventlog.Value) int {
	text, _, _ := strings.Cut(string(v.Data), " ")
	n, _ := strconv.Atoi(text)
	return n
}

func (w *cutWorkload) note(batch []event.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range batch {
		w.promised.newest = max(w.promised.newest, e.ID().Seq())
		if e.Topic() == "a" {
			w.promised.events[e.ID()] = true
		}
	}
}

// await waits until some more has been acknowledged.
func (w *cutWorkload) await(t *testing.T) {
	from := w.steps.Load()
	until(t, func() bool { return w.steps.Load() > from+100 || t.Failed() })
}

// cut cuts the power, and returns what the log had acknowledged and shown. The log
// itself goes on.
func (w *cutWorkload) cut(t *testing.T, random *rand.Rand, to string) promised {
	w.log.filesMu.Lock()
	defer w.log.filesMu.Unlock()
	w.disk.mu.Lock()
	defer w.disk.mu.Unlock()
	w.disk.gather(random.IntN(20_000)) // what is shown meanwhile is shown before its sync
	w.mu.Lock()
	had := promised{events: maps.Clone(w.promised.events), values: maps.Clone(w.promised.values), latest: w.promised.latest, newest: w.promised.newest}
	w.mu.Unlock()
	if err := w.disk.cut(random, to); err != nil {
		t.Fatal(err)
	}
	return had
}

func (w *cutWorkload) end() {
	w.stop()
	w.ended.Wait()
	w.log.Close()
}

// check opens what a power cut has left.
func (had promised) check(t *testing.T, dir, name string) {
	t.Helper()
	keep := disk{func(*os.File) error { return nil }, func(string) error { return nil }, rewriteFile}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	log, err := Open(ctx, Options{Dir: dir, Retention: cutRetention, Logger: slog.New(slog.DiscardHandler), disk: keep})
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	defer log.Close()
	st := state(t, log)
	if st.Last < had.newest || st.Events < 100 && st.First > 1 {
		t.Errorf("%s: the log has %d events, from %d to %d; %d was acknowledged", name, st.Events, st.First, st.Last, had.newest)
	}
	had.checkEvents(t, st, readAll(t, log), name)
	had.checkValues(t, log, name)
	publish(t, log, nil)
}

func (had promised) checkValues(t *testing.T, log *Log, name string) {
	for value, n := range had.values {
		v, err := log.Get(t.Context(), value)
		if err != nil || valueNumber(v) < n {
			t.Errorf("%s: value %s is number %d (%v), and %d was stored", name, value, valueNumber(v), err, n)
		}
	}
}

func (had promised) checkEvents(t *testing.T, st eventlog.State, events []event.Event, name string) {
	stored, latest := map[event.ID]bool{}, uint64(0)
	parts, begins := map[string]int{}, map[string]uint64{}
	for _, e := range events {
		stored[e.ID()] = true
		if e.Topic() == "latest" {
			latest = e.ID().Seq()
		}
		if batch, rest, ok := strings.Cut(string(e.Data()), " "); ok {
			number, _, _ := strings.Cut(rest, " ")
			part, _ := strconv.Atoi(number)
			parts[batch]++
			begins[batch] = e.ID().Seq() - uint64(part)
		}
	}
	for id := range had.events {
		if id.Seq() >= st.First && !stored[id] {
			t.Errorf("%s: %s was acknowledged or shown, and is lost", name, id)
		}
	}
	if had.latest >= st.First && latest < had.latest {
		t.Errorf("%s: the newest of its topic is %d, and %d was acknowledged", name, latest, had.latest)
	}
	for batch, n := range parts {
		if begins[batch] >= st.First && n != batchSize {
			t.Errorf("%s: %d events of batch %s are there, from %d", name, n, batch, begins[batch])
		}
	}
}
