package states_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/states"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/state"
)

// A sheet counts what was added under each name.
type sheet struct{ Counts map[string]int }

var (
	sheets = state.Define[sheet]("sheet")
	added  = state.On(sheets, "sheet.added", func(s *sheet, e event.Of[string]) {
		if e.Value == "panic" {
			panic("no more")
		}
		s.Counts[e.Value]++
	})
	remarked = event.Define[string]("sheet.remarked") // of no kind

	anyway  = state.Define[sheet]("anyway", state.FromRetained[sheet]())
	retyped = state.Define[struct{ Names []string }]("retyped")
)

// small is a log that forgets nearly everything.
func small() *eventlog.Memory { return eventlog.NewMemory(eventlog.Retention{MaxEvents: 50}) }

// A node keeps the sheets of a log.
type node struct {
	*states.States[sheet]
	stop func()
}

// run opens the sheets and keeps them until stop.
func run(t *testing.T, log eventlog.Log, opts states.Options) *node {
	t.Helper()
	opts.Logger = slog.New(slog.DiscardHandler)
	s, err := states.Open(t.Context(), log, sheets, opts)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	return &node{s, sync.OnceFunc(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Run returned %v", err)
		}
	})}
}

func add(t *testing.T, log event.Appender, key, name string) {
	t.Helper()
	if _, err := added.Publish(t.Context(), log, sheets.Topic(key), name); err != nil {
		t.Fatal(err)
	}
}

// counts returns a sheet as text.
func (n *node) counts(t *testing.T, key string) string {
	t.Helper()
	s, _, err := n.Get(t.Context(), key)
	if err != nil {
		return err.Error()
	}
	var all []string
	for _, name := range slices.Sorted(maps.Keys(s.Counts)) {
		all = append(all, fmt.Sprint(name, s.Counts[name]))
	}
	return strings.Join(all, " ")
}

func (n *node) shows(t *testing.T, key, want string) {
	t.Helper()
	if got := n.counts(t, key); got != want {
		t.Errorf("%s is %q, want %q", key, got, want)
	}
}

// held returns how many events the log holds.
func held(t *testing.T, log eventlog.Log) int {
	t.Helper()
	page, err := log.Read(t.Context(), 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	return len(page.Events)
}

func TestStatesIncludeWhatRetentionHasRemoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := small()
		n := run(t, log, states.Options{})
		for range 350 {
			add(t, log, "red", "a")
			add(t, log, "blue", "b")
		}
		n.shows(t, "red", "a350")
		time.Sleep(time.Second)
		if got := held(t, log); got > 60 {
			t.Errorf("the log holds %d events", got)
		}
		n.stop()
		again := run(t, log, states.Options{})
		defer again.stop()
		again.shows(t, "red", "a350")
		again.shows(t, "blue", "b350")
		again.shows(t, "green", "")
		if keys, err := again.Keys(t.Context()); err != nil || fmt.Sprint(keys) != "[blue red]" {
			t.Errorf("the keys are %v (%v)", keys, err)
		}
	})
}

// A killed program has written nothing at its end. Here its last pass fails.
func TestStatesAreWholeAfterAKill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &faulty{Log: small()}
		n := run(t, log, states.Options{})
		for range 120 {
			add(t, log, "red", "a")
		}
		time.Sleep(time.Second)
		for range 30 {
			add(t, log, "red", "a")
		}
		n.shows(t, "red", "a150")
		log.broken.Store(true)
		n.stop()
		log.broken.Store(false)
		again := run(t, log, states.Options{})
		defer again.stop()
		again.shows(t, "red", "a150")
	})
}

// faulty is a log whose values cannot be stored while it is broken.
type faulty struct {
	eventlog.Log
	broken atomic.Bool
}

func (f *faulty) Put(ctx context.Context, v eventlog.Value, prev event.ID) error {
	if f.broken.Load() {
		return eventlog.ErrUnavailable
	}
	return f.Log.Put(ctx, v, prev)
}

// While no checkpoint can be written the log keeps the events, and refuses more
// rather than to lose one.
func TestRetentionWaitsForCheckpoints(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &faulty{Log: small()}
		n := run(t, log, states.Options{})
		defer n.stop()
		log.broken.Store(true)
		stored, full := 0, 0
		for range 1_200 {
			if _, err := added.Publish(t.Context(), log, sheets.Topic("red"), "a"); err == nil {
				stored++
			} else if full++; !errors.Is(err, eventlog.ErrHeld) {
				t.Fatal(err)
			}
			time.Sleep(10 * time.Millisecond)
		}
		if hard, _ := (eventlog.Retention{MaxEvents: 50}).Hard(); int64(stored) < hard || full == 0 {
			t.Errorf("%d events were stored and %d refused, with room for %d", stored, full, hard)
		}
		n.shows(t, "red", fmt.Sprint("a", stored))
		log.broken.Store(false)
		time.Sleep(time.Minute)
		add(t, log, "red", "b")
		n.shows(t, "red", fmt.Sprint("a", stored, " b1"))
	})
}

func TestStatesAreEvictedAndComeBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := small()
		n := run(t, log, states.Options{Memory: 5_000})
		want := map[string]int{}
		for i := range 2_000 {
			key := fmt.Sprint("k", (i*i)%97)
			add(t, log, key, "a")
			want[key]++
			if i%100 == 0 {
				time.Sleep(700 * time.Millisecond)
			}
		}
		for key, count := range want {
			n.shows(t, key, fmt.Sprint("a", count))
		}
		n.stop()
		again := run(t, log, states.Options{Memory: 5_000})
		defer again.stop()
		for key, count := range want {
			again.shows(t, key, fmt.Sprint("a", count))
		}
	})
}

func TestKindIsRefusedInALogThatHasLostEvents(t *testing.T) {
	log := small()
	for range 100 {
		if _, err := remarked.Publish(t.Context(), log, "elsewhere", "x"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := states.Open(t.Context(), log, sheets, states.Options{}); !errors.Is(err, states.ErrIncomplete) || !strings.Contains(err.Error(), "state.FromRetained") {
		t.Errorf("got %v", err)
	}
	if _, err := states.Open(t.Context(), log, anyway, states.Options{}); err != nil {
		t.Errorf("a kind from what is retained: %v", err)
	}
}

func TestTypeIsRefusedWhoseCheckpointsCannotBeRead(t *testing.T) {
	log := small()
	if _, err := states.Open(t.Context(), log, retyped, states.Options{}); err != nil {
		t.Fatal(err)
	}
	v, err := log.Get(t.Context(), "kind.retyped")
	if err != nil {
		t.Fatal(err)
	}
	v.Name = "kind.sheet"
	if err := log.Put(t.Context(), v, event.ID{}); err != nil {
		t.Fatal(err)
	}
	if _, err := states.Open(t.Context(), log, sheets, states.Options{}); err == nil || !strings.Contains(err.Error(), "state.Upgrade") || !strings.Contains(err.Error(), "Names") {
		t.Errorf("got %v", err)
	}
}

func TestStateThatCannotBeFoldedIsAnErrorAndKeepsItsEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := small()
		n := run(t, log, states.Options{})
		defer n.stop()
		add(t, log, "red", "a")
		add(t, log, "blue", "a")
		add(t, log, "red", "panic")
		for range 100 {
			add(t, log, "blue", "a")
		}
		time.Sleep(time.Minute)
		if got := n.counts(t, "red"); !strings.Contains(got, "no more") {
			t.Errorf("red is %q", got)
		}
		n.shows(t, "blue", "a101")
		if got := held(t, log); got < 101 {
			t.Errorf("the log holds %d events: those of red are needed once its fold is mended", got)
		}
	})
}

func TestOneNodeWritesCheckpointsAndAnotherTakesOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := small()
		a, b := run(t, log, states.Options{}), run(t, log, states.Options{})
		defer b.stop()
		writer := func() string {
			v, err := log.Get(t.Context(), "kind.sheet")
			if err != nil {
				t.Fatal(err)
			}
			return string(v.Data)
		}
		first := writer()
		for range 200 {
			add(t, log, "red", "a")
			time.Sleep(100 * time.Millisecond)
		}
		if writer() != first {
			t.Error("the node that writes has changed")
		}
		a.shows(t, "red", "a200")
		b.shows(t, "red", "a200")
		b.stop() // which was opened last and writes
		for range 200 {
			add(t, log, "red", "a")
			time.Sleep(100 * time.Millisecond)
		}
		a.shows(t, "red", "a400")
		if writer() == first {
			t.Error("no other node has taken over")
		}
		if got := held(t, log); got > 60 {
			t.Errorf("the log holds %d events", got)
		}
		a.stop()
	})
}

func TestEraseRemovesStateEventsAndCheckpoint(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := small()
		n := run(t, log, states.Options{})
		for range 100 {
			add(t, log, "red", "a")
			add(t, log, "blue", "a")
		}
		time.Sleep(time.Second)
		if err := n.Erase(t.Context(), "red"); err != nil {
			t.Fatal(err)
		}
		if _, err := log.Get(t.Context(), "state.sheet.red"); !errors.Is(err, eventlog.ErrNoValue) {
			t.Errorf("its checkpoint: %v", err)
		}
		n.shows(t, "red", "")
		add(t, log, "red", "b")
		n.shows(t, "red", "b1")
		n.stop()
		again := run(t, log, states.Options{})
		defer again.stop()
		again.shows(t, "red", "b1")
		again.shows(t, "blue", "a100")
	})
}

func TestReadsEndWithRun(t *testing.T) {
	log := small()
	n := run(t, log, states.Options{})
	n.shows(t, "red", "")
	n.stop()
	if _, _, err := n.Get(t.Context(), "red"); err == nil {
		t.Error("a state was read after the end")
	}
}
