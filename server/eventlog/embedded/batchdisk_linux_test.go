package embedded

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
)

// Small batches meet the full disk while they are stored, and large ones, which do not
// fit at all, while they are collected.
func TestBatchesAreWholeAfterAFullDisk(t *testing.T) {
	if !withOwnMounts(t) {
		return
	}
	disk := mountDisk(t)
	log := openLog(t, Options{
		Dir: filepath.Join(disk, "data"), Retention: eventlog.Retention{MaxBytes: 1 << 30},
		Logger: slog.New(&recorder{}), healthEvery: 20 * time.Millisecond,
	})
	defer log.Close()
	var acked []ackedBatch
	refused := map[string]bool{}
	store := func(key string, size int) error {
		ids, err := log.AppendAll(t.Context(), batchOf(key, size))
		if err == nil {
			acked = append(acked, ackedBatch{key, ids})
		}
		return err
	}
	for round, size := range []int{700, 30_000, 900, 60_000} {
		ballast := filepath.Join(disk, "ballast")
		occupy(t, ballast)
		if err := leave(ballast, 100_000+3_000*int64(round)); err != nil {
			t.Fatal(err)
		}
		err, last := error(nil), ""
		for n := 0; err == nil && n < 1000; n++ {
			last = fmt.Sprintf("batch-%d-%d", round, n)
			err = store(last, size)
		}
		refused[last] = errors.Is(err, eventlog.ErrFull)
		if !refused[last] && !errors.Is(err, eventlog.ErrUnavailable) {
			t.Fatalf("a batch on a full disk: %v", err)
		}
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
		until(t, func() bool { return log.Health() == nil })
		keys := checkBatches(t, log, acked)
		if refused[last] && slices.Contains(keys, last) {
			t.Errorf("the refused batch %s was stored", last)
		}
		if size > 10_000 && !refused[last] {
			t.Errorf("a batch that found no room: %v", err)
		}
		if err := store(last, size); err != nil {
			t.Fatal(err)
		}
		checkBatches(t, log, acked)
	}
}

// leave makes a file shorter.
func leave(path string, room int64) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	return os.Truncate(path, info.Size()-room)
}
