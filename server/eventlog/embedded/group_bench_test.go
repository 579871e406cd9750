package embedded

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/seawaykit/seaway/shared/event"
)

// BenchmarkAppendFrom reports how many events a second some goroutines append durably,
// "syncs" how often a second a file beside the log was written to and synced in turn
// with that, "ratio" their quotient, and what each append takes. The second disk needs 5
// ms for a sync.
func BenchmarkAppendFrom(b *testing.B) {
	slow := systemDisk()
	slow.sync = func(f *os.File) error {
		time.Sleep(5 * time.Millisecond)
		return f.Sync()
	}
	for name, d := range map[string]disk{"this disk": systemDisk(), "5 ms": slow} {
		for _, callers := range []int{1, 16, 64, 256} {
			b.Run(fmt.Sprintf("%s/%d", name, callers), func(b *testing.B) {
				log, err := Open(b.Context(), Options{Dir: b.TempDir(), Logger: logger(b), disk: d})
				if err != nil {
					b.Fatal(err)
				}
				defer log.Close()
				var appends, syncs, ratios, p50 []float64
				for range max(5, b.N) {
					s := syncsPerSecond(b, d)
					a, median := appendsPerSecond(b, log, callers)
					appends, syncs, ratios, p50 = append(appends, a), append(syncs, s), append(ratios, a/s), append(p50, median)
				}
				for unit, of := range map[string][]float64{"appends/s": appends, "syncs/s": syncs, "ratio": ratios, "p50-us": p50} {
					slices.Sort(of)
					b.ReportMetric(of[len(of)/2], unit)
				}
				b.ReportMetric(0, "ns/op")
			})
		}
	}
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
