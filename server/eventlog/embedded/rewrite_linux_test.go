package embedded

import (
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"
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
				if err := d.cut(rand.New(rand.NewPCG(seed, seed)), left); err != nil {
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
