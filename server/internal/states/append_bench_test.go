package states_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/eventlog/embedded"
)

// BenchmarkAppend compares appends to three logs on a disk, in rounds that take turns:
// "none" has no reader, one is folded by hand, and one has its states kept. Each has
// 16 writers on 100 topics, and retains so little that it is trimmed. The figures are
// medians of the rounds: "us" for one append, and how much slower the other two are
// than the first, in percent. Budget: "kept-%" at most 5.
func BenchmarkAppend(b *testing.B) {
	const rounds, each = 9, 1_000
	names := []string{"none", "hand", "kept"}
	logs := map[string]eventlog.Log{}
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	for _, name := range names {
		log, err := embedded.Open(ctx, embedded.Options{Dir: b.TempDir(), Retention: eventlog.Retention{MaxEvents: 10_000}, Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			b.Fatal(err)
		}
		defer log.Close()
		logs[name] = log
	}
	foldByHand(ctx, logs["hand"])
	s, err := openArchives(ctx, logs["kept"])
	if err != nil {
		b.Fatal(err)
	}
	go s.Run(ctx)
	for range b.N {
		took := map[string][]float64{}
		for round := range rounds {
			for i := range names {
				name := names[(round+i)%len(names)]
				took[name] = append(took[name], float64(appendRound(b, logs[name], each).Microseconds())/each)
			}
		}
		none := median(took["none"])
		b.ReportMetric(none, "us")
		b.ReportMetric(100*(median(took["hand"])/none-1), "hand-%")
		b.ReportMetric(100*(median(took["kept"])/none-1), "kept-%")
	}
	b.ReportMetric(0, "ns/op")
}

// appendRound appends events and returns how long it took.
func appendRound(b *testing.B, log eventlog.Log, events int) time.Duration {
	const writers = 16
	begun := time.Now()
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := w; i < events; i += writers {
				if _, err := archived.Publish(b.Context(), log, archives.Topic(fmt.Sprint(i%100)), startText); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return time.Since(begun)
}

func median(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}
