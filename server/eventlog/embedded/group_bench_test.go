package embedded

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/seawaykit/seaway/shared/event"
)

// BenchmarkAppendFrom reports how many events a second some goroutines append durably,
// how many to a log that syncs each ("each"), and how often a second a file beside them
// was written to and synced ("syncs"): medians of rounds in turn, with the ratios. The
// second disk needs 5 ms for a sync of ours; the server's own syncs stay as they are.
func BenchmarkAppendFrom(b *testing.B) {
	slow := systemDisk()
	slow.sync = func(f *os.File) error {
		time.Sleep(5 * time.Millisecond)
		return f.Sync()
	}
	for name, d := range map[string]disk{"this disk": systemDisk(), "5 ms": slow} {
		for _, callers := range []int{1, 16, 64, 256} {
			b.Run(fmt.Sprintf("%s/%d", name, callers), func(b *testing.B) {
				groups, each := benchLog(b, d, true), benchLog(b, d, false)
				of := map[string][]float64{}
				for range max(5, b.N) {
					syncs := syncsPerSecond(b, d)
					one, p50Each := appendsPerSecond(b, each, callers)
					all, p50 := appendsPerSecond(b, groups, callers)
					for unit, value := range map[string]float64{
						"appends/s": all, "each/s": one, "syncs/s": syncs, "x-each": all / one, "x-syncs": all / syncs, "p50-us": p50, "each-p50-us": p50Each,
					} {
						of[unit] = append(of[unit], value)
					}
				}
				for unit, values := range of {
					slices.Sort(values)
					b.ReportMetric(values[len(values)/2], unit)
				}
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

// benchLog opens a log that syncs appends in groups, or each of them.
func benchLog(b *testing.B, d disk, groups bool) *Log {
	dir := b.TempDir()
	for range 2 {
		log, err := Open(b.Context(), Options{Dir: dir, Logger: slog.New(slog.DiscardHandler), disk: d})
		if err != nil {
			b.Fatal(err)
		}
		if (log.commits.Load() != nil) == groups {
			b.Cleanup(func() { log.Close() })
			return log
		}
		log.Close()
		if err := os.WriteFile(filepath.Join(dir, linksName), nil, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	b.Fatal("the log has not opened as it should")
	return nil
}

const benchTime = 400 * time.Millisecond

// appendsPerSecond appends for a while, and also returns the median of the times in us.
func appendsPerSecond(b *testing.B, log *Log, callers int) (rate, p50 float64) {
	var mu sync.Mutex
	var all []time.Duration
	var wg sync.WaitGroup
	begun := time.Now()
	for w := range callers {
		wg.Go(func() {
			var took []time.Duration
			draft := event.Draft{Topic: fmt.Sprintf("room.%d", w), Type: "chat.posted", Data: make([]byte, 250)}
			for time.Since(begun) < benchTime {
				at := time.Now()
				if _, err := log.Append(b.Context(), draft); err != nil {
					b.Error(err)
					return
				}
				took = append(took, time.Since(at))
			}
			mu.Lock()
			all = append(all, took...)
			mu.Unlock()
		})
	}
	wg.Wait()
	rate = float64(len(all)) / time.Since(begun).Seconds()
	slices.Sort(all)
	return rate, float64(all[len(all)/2].Microseconds())
}

// syncsPerSecond writes 300 bytes and syncs them for a while.
func syncsPerSecond(b *testing.B, d disk) float64 {
	f, err := os.Create(filepath.Join(b.TempDir(), "synced"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	n, begun := 0, time.Now()
	for ; time.Since(begun) < benchTime; n++ {
		if _, err := f.Write(make([]byte, 300)); err != nil {
			b.Fatal(err)
		}
		if err := d.sync(f); err != nil {
			b.Fatal(err)
		}
	}
	return float64(n) / time.Since(begun).Seconds()
}
