package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/durable"
	"github.com/seawaykit/seaway/shared/event"
)

func state(t *testing.T, log eventlog.Log) eventlog.State {
	t.Helper()
	state, err := log.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// named returns generations of the given first numbers; each is named for its
// first number.
func named(firsts ...uint64) (g eventlog.Generations) {
	for _, first := range firsts {
		g = append(g, eventlog.Generation{Name: event.Generation{1, byte(first >> 8), byte(first)}, First: first})
	}
	return g
}

func TestGenerationsHoldWhatCanBeAskedFor(t *testing.T) {
	long := make([]uint64, maxGenerations)
	for i := range long {
		long[i] = uint64(i + 1)
	}
	for _, test := range []struct {
		name        string
		known       []uint64
		first, last uint64
		kept        []uint64 // of the known ones
		unknown     bool     // whether one more is needed for what nothing is known of
		values      uint64   // of the values' stream
	}{
		{"a new log", nil, 1, 0, nil, false, 0},
		{"a start that gave numbers", []uint64{1}, 1, 9, []uint64{1}, false, 0},
		{"starts that gave none", []uint64{1, 10, 10}, 1, 9, []uint64{1}, false, 0},
		{"a new log's start that gave none", []uint64{1}, 1, 0, nil, false, 0},
		{"an older copy", []uint64{1, 10, 20}, 1, 9, []uint64{1}, false, 0},
		{"a copy from before all of them", []uint64{10, 20}, 1, 9, nil, true, 0},
		{"events and no file", nil, 1, 9, nil, true, 0},
		{"the oldest have left the log", []uint64{1, 10, 20, 30}, 21, 35, []uint64{20, 30}, false, 0},
		{"a position at the end of one may be resumed from", []uint64{1, 10, 20, 30}, 20, 35, []uint64{10, 20, 30}, false, 0},
		{"all events have left the log", []uint64{1, 10}, 36, 35, []uint64{10}, false, 0},
		{"a value may be of the oldest", []uint64{1, 10, 20, 30}, 21, 35, []uint64{1, 10, 20, 30}, false, 1},
		{"values and too many", long, maxGenerations + 1, maxGenerations + 5, long[1:], false, 1},
		{"too many", long, 1, maxGenerations + 5, long[1:], false, 0},
	} {
		known := named(test.known...)
		got := withNext(known, startState{State: eventlog.State{First: test.first, Last: test.last}, values: test.values})
		newest := got[len(got)-1]
		if newest.First != test.last+1 || slices.ContainsFunc(known, func(g eventlog.Generation) bool { return g.Name == newest.Name }) {
			t.Errorf("%s: the new generation is %v", test.name, newest)
		}
		kept := got[:len(got)-1]
		if test.unknown && (len(kept) != 1 || kept[0].First != 1 || kept[0].Name == newest.Name) {
			t.Errorf("%s: what nothing is known of has %v", test.name, kept)
		} else if want := named(test.kept...); !test.unknown && !slices.Equal(kept, want) {
			t.Errorf("%s: kept %v, want %v", test.name, kept, want)
		}
	}
}

func TestGenerationsReadBackFromTheirFile(t *testing.T) {
	dir := t.TempDir()
	if _, err := readGenerations(dir, "e1"); !errors.Is(err, errGenerations) {
		t.Errorf("without a file: %v", err)
	}
	want := named(1, 10, 300)
	good := generationsText("e1", want)
	write := func(text []byte) {
		if err := durable.WriteFile(filepath.Join(dir, generationsName), text); err != nil {
			t.Fatal(err)
		}
	}
	write(good)
	if got, err := readGenerations(dir, "e1"); err != nil || !slices.Equal(got, want) {
		t.Errorf("read %v, %v", got, err)
	}
	if _, err := readGenerations(dir, "e2"); !errors.Is(err, errGenerations) {
		t.Errorf("another log's: %v", err)
	}
	for i := range good {
		for name, text := range map[string][]byte{
			"cut off":     good[:i],
			"a lost byte": slices.Delete(slices.Clone(good), i, i+1),
			"a flip":      slices.Concat(good[:i], []byte{good[i] ^ 1}, good[i+1:]),
		} {
			write(text)
			if got, err := readGenerations(dir, "e1"); !errors.Is(err, errGenerations) || got != nil {
				t.Errorf("%s at byte %d: %v, %v", name, i, got, err)
			}
		}
	}
}

// Whatever happens to the file, no earlier position is proved, and later ones
// are.
func TestGenerationsThatAreLostResetEveryClientOnce(t *testing.T) {
	for name, damage := range map[string]func(path string) error{
		"gone":    os.Remove,
		"empty":   func(path string) error { return os.Truncate(path, 0) },
		"garbled": func(path string) error { return os.WriteFile(path, []byte("generations of hope\n"), 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			log := openLog(t, Options{Dir: dir})
			before := append(fill(t, log, 5), state(t, log).Position(5))
			log.Close()
			if err := damage(filepath.Join(dir, generationsName)); err != nil {
				t.Fatal(err)
			}
			records := &recorder{}
			log = openLog(t, Options{Dir: dir, Logger: slog.New(records)})
			for _, id := range before {
				if state(t, log).Proves(id) {
					t.Errorf("%s is proved by %+v", id, state(t, log))
				}
			}
			if n := records.count(slog.LevelWarn, "cannot prove its history"); n != 1 {
				t.Errorf("it was logged %d times that clients are reset", n)
			}
			after := append(idsOf(readAll(t, log)), state(t, log).Position(5))
			log.Close()
			log = openLog(t, Options{Dir: dir})
			for _, id := range after {
				if !state(t, log).Proves(id) {
					t.Errorf("%s is not proved by %+v", id, state(t, log))
				}
			}
		})
	}
}

func TestGenerationsDoNotGrowWithStartsThatGiveNothing(t *testing.T) {
	dir := t.TempDir()
	for range 5 {
		openLog(t, Options{Dir: dir}).Close()
	}
	log := openLog(t, Options{Dir: dir})
	if g := state(t, log).Generations; len(g) != 1 || g[0].First != 1 {
		t.Errorf("the generations are %v", g)
	}
	text, err := os.ReadFile(filepath.Join(dir, generationsName))
	if err != nil || strings.Count(string(text), "\n") != 3 {
		t.Errorf("the file is %q (%v)", text, err)
	}
}

func TestGenerationsThatCannotBeReadRefuseTheStart(t *testing.T) {
	dir := t.TempDir()
	log := openLog(t, Options{Dir: dir})
	fill(t, log, 1)
	log.Close()
	path := filepath.Join(dir, generationsName)
	if err := errors.Join(os.Remove(path), os.Mkdir(path, 0o700)); err != nil {
		t.Fatal(err)
	}
	var refusal *fs.PathError
	if _, err := Open(t.Context(), Options{Dir: dir, Logger: logger(t)}); !errors.As(err, &refusal) || refusal.Path != path {
		t.Errorf("the error is %v", err)
	}
}

// A number that was lost with the end of the last block is given again, to an
// event that leaves by itself: only the generation shows that the history is
// another.
func TestGenerationsProveThatTheEndOfTheEventsWasLost(t *testing.T) {
	dir := t.TempDir()
	log := openLog(t, Options{Dir: dir})
	before := fill(t, log, 50)
	log.Close()
	cutLastBlock(t, dir, 1010)
	crash(t, dir)
	log = openLog(t, Options{Dir: dir})
	left := len(readAll(t, log))
	fill(t, log, 100)
	now := state(t, log)
	for i, id := range before {
		if kept := i < left; now.Proves(id) != kept || now.Proves(event.Position(id.Epoch(), id.Seq()).In(id.Generation())) != kept {
			t.Errorf("of %d events %d were kept, and %s is proved: %t", len(before), left, id, now.Proves(id))
		}
	}
}

// An append that waited for the server's restart is stored in the new
// generation.
func TestGenerationsBeginBeforeAnythingIsStored(t *testing.T) {
	log := openLog(t, Options{Dir: t.TempDir()})
	fill(t, log, 3)
	old := state(t, log).Generations.Newest()
	log.engine.stop()
	ids, errs := make(chan event.ID, 8), make(chan error, 8)
	for i := range cap(ids) {
		go func() {
			id, err := log.inner.Append(t.Context(), event.Draft{Topic: "a", Type: "test", Data: fmt.Append(nil, i)})
			ids <- id
			errs <- err
		}()
	}
	if err := log.begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range cap(ids) {
		id := <-ids
		if err := <-errs; err != nil || id.Generation() == old || !state(t, log).Proves(id) {
			t.Errorf("%s (%v) is of generation %x, as before the restart", id, err, old)
		}
	}
	for _, e := range readAll(t, log) {
		if g := e.ID().Generation(); (g == old) != (e.ID().Seq() <= 3) {
			t.Errorf("%s is of generation %x, the first three of %x", e.ID(), g, old)
		}
	}
}
