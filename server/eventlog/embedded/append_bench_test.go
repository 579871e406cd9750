package embedded

import (
	"slices"
	"testing"
	"time"

	"github.com/seawaykit/seaway/shared/event"
)

// BenchmarkAppend measures what a publisher waits for, with the payload of a
// line of chat.
func BenchmarkAppend(b *testing.B) {
	for name, sync := range map[string]Sync{"SyncAlways": SyncAlways, "MinutesLostAtPowerCut": MinutesLostAtPowerCut} {
		b.Run(name, func(b *testing.B) {
			log, err := Open(b.Context(), Options{Dir: b.TempDir(), Sync: sync})
			if err != nil {
				b.Fatal(err)
			}
			defer log.Close()
			draft := event.Draft{Topic: "room.lobby", Type: "chat.posted", Data: make([]byte, 250)}
			var took []time.Duration
			for b.Loop() {
				start := time.Now()
				if _, err := log.Append(b.Context(), draft); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-us")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-us")
		})
	}
}

// BenchmarkAppendAll compares five events that are stored as one with as many that are
// stored one after the other, in turn.
func BenchmarkAppendAll(b *testing.B) {
	const size = 5
	for name, sync := range map[string]Sync{"SyncAlways": SyncAlways, "MinutesLostAtPowerCut": MinutesLostAtPowerCut} {
		b.Run(name, func(b *testing.B) {
			log, err := Open(b.Context(), Options{Dir: b.TempDir(), Sync: sync})
			if err != nil {
				b.Fatal(err)
			}
			defer log.Close()
			drafts := make([]event.Draft, size)
			for k := range drafts {
				drafts[k] = event.Draft{Topic: "board.red", Type: "board.placed", Data: make([]byte, 250)}
			}
			var one, five []time.Duration
			for b.Loop() {
				start := time.Now()
				for _, d := range drafts {
					if _, err := log.Append(b.Context(), d); err != nil {
						b.Fatal(err)
					}
				}
				five = append(five, time.Since(start))
				start = time.Now()
				if _, err := log.AppendAll(b.Context(), drafts); err != nil {
					b.Fatal(err)
				}
				one = append(one, time.Since(start))
			}
			for what, took := range map[string][]time.Duration{"as-one": one, "one-by-one": five} {
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)/2].Microseconds()), what+"-p50-us")
			}
		})
	}
}
