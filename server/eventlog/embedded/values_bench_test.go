package embedded

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// openBench opens a log that retains little enough for trims to matter.
func openBench(b *testing.B, dir string) *Log {
	b.Helper()
	log, err := Open(b.Context(), Options{Dir: dir, Retention: eventlog.Retention{MaxEvents: 10_000}, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { log.Close() })
	return log
}

// BenchmarkAppendHeld compares a log that retention trims with one whose events
// wait for a checkpoint that moves on every 100 ms: 16 writers, 1 KB each.
func BenchmarkAppendHeld(b *testing.B) {
	for _, held := range []bool{false, true} {
		b.Run(fmt.Sprintf("held=%t", held), func(b *testing.B) {
			log := openBench(b, b.TempDir())
			for range 10_000 {
				appendOne(b, log)
			}
			ctx, cancel := context.WithCancel(b.Context())
			var wg sync.WaitGroup
			defer wg.Wait()
			defer cancel()
			if held {
				wg.Go(func() { moveOn(ctx, b, log) })
			}
			var mu sync.Mutex
			var took []time.Duration
			b.SetParallelism(8)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				var mine []time.Duration
				for pb.Next() {
					begun := time.Now()
					appendOne(b, log)
					mine = append(mine, time.Since(begun))
				}
				mu.Lock()
				took = append(took, mine...)
				mu.Unlock()
			})
			b.StopTimer()
			slices.Sort(took)
			b.ReportMetric(float64(len(took))/b.Elapsed().Seconds(), "appends/s")
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-us")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-us")
		})
	}
}

func appendOne(b *testing.B, log *Log) event.ID {
	id, err := log.Append(context.Background(), event.Draft{Topic: "a", Type: "test", Data: make([]byte, 1000)})
	if err != nil {
		b.Error(err)
	}
	return id
}

// moveOn keeps a checkpoint at the head of the log.
func moveOn(ctx context.Context, b *testing.B, log *Log) {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for prev := (event.ID{}); ctx.Err() == nil; {
		state, err := log.State(ctx)
		if err == nil {
			v := eventlog.Value{Name: "checkpoint", Position: state.Position(state.Last), Data: make([]byte, 1000), Holds: true}
			if err = log.Put(ctx, v, prev); err == nil {
				prev = v.Position
			}
		}
		if err != nil && ctx.Err() == nil {
			b.Error(err)
			return
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

// BenchmarkPut replaces one value, with 1 KB and with the most that it may have.
func BenchmarkPut(b *testing.B) {
	for _, size := range []int{1 << 10, eventlog.MaxValue} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			log := openBench(b, b.TempDir())
			v := eventlog.Value{Name: "v", Position: appendOne(b, log), Data: bytes.Repeat([]byte{1}, size)}
			var prev event.ID
			b.ResetTimer()
			for b.Loop() {
				if err := log.Put(b.Context(), v, prev); err != nil {
					b.Fatal(err)
				}
				prev = v.Position
			}
			b.StopTimer()
			begun := time.Now()
			for range 20 {
				if _, err := log.Get(b.Context(), "v"); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(time.Since(begun).Microseconds())/20, "get-us")
		})
	}
}

// BenchmarkHundredThousandValues opens a log with that many of 1 KB, half of which
// hold events, and lists them.
func BenchmarkHundredThousandValues(b *testing.B) {
	const n = 100_000
	dir := b.TempDir()
	log, err := Open(b.Context(), Options{Dir: dir, Sync: MinutesLostAtPowerCut, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	at := appendOne(b, log)
	var wg sync.WaitGroup
	begun := time.Now()
	for w := range 64 {
		wg.Go(func() {
			for i := w; i < n; i += 64 {
				v := eventlog.Value{Name: fmt.Sprint("state.board.", i), Position: at, Data: make([]byte, 1000), Holds: i%2 == 0}
				if err := log.Put(b.Context(), v, event.ID{}); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
	b.Logf("%d values were put in %v", n, time.Since(begun))
	log.Close()
	var opened, listed time.Duration
	var memory float64
	for b.Loop() {
		before := heap()
		begun = time.Now()
		log = openBench(b, dir)
		opened += time.Since(begun)
		begun = time.Now()
		names, err := log.Names(b.Context(), "state.")
		if err != nil || len(names) != n {
			b.Fatal(len(names), err)
		}
		listed += time.Since(begun)
		memory += heap() - before
		log.Close()
	}
	b.ReportMetric(float64(opened.Milliseconds())/float64(b.N), "open-ms")
	b.ReportMetric(float64(listed.Milliseconds())/float64(b.N), "names-ms")
	b.ReportMetric(memory/float64(b.N), "MiB")
}

func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}
