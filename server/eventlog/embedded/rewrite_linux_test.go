package embedded

import (
	"errors"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
)

// What a failed sync has lost can still be read, so that a start finds it. Whatever is shown
// from then on outlives a power cut.
func TestStartDoesNotTrustWhatAFailedSyncHasLost(t *testing.T) {
	for name, again := range map[string]func(t *testing.T, log *Log, o Options) *Log{
		"in the process": func(t *testing.T, log *Log, _ Options) *Log {
			log.restart(t.Context())
			return log
		},
		"after an end": func(t *testing.T, log *Log, o Options) *Log {
			log.Close()
			return openLog(t, o)
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			openLog(t, Options{Dir: dir}).Close()
			d := newLossyDisk(t, dir)
			o := Options{Dir: dir, Logger: slog.New(slog.DiscardHandler), disk: d.disk(), healthEvery: time.Hour}
			log := openLog(t, o)
			fill(t, log, 3)
			d.fail(true)
			if err := tryAppend(t, log); err == nil {
				t.Fatal("an append succeeds though its sync has failed")
			}
			d.fail(false)
			log = again(t, log, o)
			if err := log.Health(); err != nil {
				t.Fatal(err)
			}
			fill(t, log, 3)
			shown := idsOf(readAll(t, log))
			for seed := range uint64(8) {
				left := filepath.Join(t.TempDir(), "data")
				d.mu.Lock()
				err := d.cut(rand.New(rand.NewPCG(seed, seed)), left)
				d.mu.Unlock()
				if err != nil {
					t.Fatal(err)
				}
				after, err := Open(t.Context(), Options{Dir: left, Logger: slog.New(slog.DiscardHandler)})
				if err != nil {
					t.Errorf("cut %d: %v", seed, err)
					continue
				}
				has := idsOf(readAll(t, after))
				for _, id := range shown {
					if !slices.Contains(has, id) {
						t.Errorf("cut %d: %s is lost", seed, id)
					}
				}
				after.Close()
			}
		})
	}
}

// A disk may be so full that nothing can be written again.
func TestLogOfAFullDiskCanBeReadAfterACrash(t *testing.T) {
	dir, full := t.TempDir(), true
	before := openLog(t, Options{Dir: dir})
	acked := fill(t, before, 3)
	before.Close()
	crash(t, dir)
	d := systemDisk()
	d.rewrite = func(f *os.File) error {
		if full {
			return &os.PathError{Op: "write", Path: f.Name(), Err: syscall.ENOSPC}
		}
		return rewriteFile(f)
	}
	log := openLog(t, Options{Dir: dir, Logger: slog.New(slog.DiscardHandler), disk: d, healthEvery: time.Hour})
	for range 2 {
		if got := idsOf(readAll(t, log)); !slices.Equal(got, acked) {
			t.Errorf("the log has %v, want %v", got, acked)
		}
		if err := tryAppend(t, log); !errors.Is(err, eventlog.ErrFull) || log.Health() == nil {
			t.Errorf("an append: %v, the health %v", err, log.Health())
		}
		log.restart(t.Context())
	}
	full = false
	log.restart(t.Context())
	if err := errors.Join(log.Health(), tryAppend(t, log)); err != nil {
		t.Errorf("with room again: %v", err)
	}
}
