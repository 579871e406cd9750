package states_test

import (
	"context"
	"log/slog"
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/states"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/state"
)

// An archive has its newest 10,000 items.
type archive struct{ Items []string }

var (
	archives = state.Define[archive]("archive")
	archived = state.On(archives, "archive.archived", func(a *archive, e event.Of[string]) {
		a.Items = append(a.Items[max(0, len(a.Items)-9_999):], e.Value)
	})
)

// BenchmarkFold is what one more event costs, from its append on, in a topic of
// 10,000 items: "by hand" folds without States. Checkpoints are written meanwhile.
func BenchmarkFold(b *testing.B) {
	for _, kept := range []bool{false, true} {
		name := map[bool]string{false: "by hand", true: "kept"}[kept]
		b.Run(name, func(b *testing.B) {
			log := eventlog.NewMemory(eventlog.Retention{MaxEvents: 10_000_000, MaxBytes: 10 << 30})
			ctx, stop := context.WithCancel(b.Context())
			defer stop()
			await := foldByHand(ctx, log)
			if kept {
				s, err := states.Open(ctx, log, archives, states.Options{Logger: slog.New(slog.DiscardHandler)})
				if err != nil {
					b.Fatal(err)
				}
				go s.Run(ctx)
				await = func(uint64) error { return s.CatchUp(ctx) }
			}
			publish := func(n int) {
				var last event.ID
				for range n {
					id, err := archived.Publish(ctx, log, archives.Topic("a"), "an item of some forty bytes, as messages are")
					if err != nil {
						b.Fatal(err)
					}
					last = id
				}
				if err := await(last.Seq()); err != nil {
					b.Fatal(err)
				}
			}
			publish(10_000)
			b.ResetTimer()
			publish(b.N)
		})
	}
}

// foldByHand folds the events of a log as a program without States would.
func foldByHand(ctx context.Context, log eventlog.Log) (await func(seq uint64) error) {
	seen := make(chan uint64, 1<<20)
	go func() {
		var a archive
		log.Tail(ctx, 0, func(batch []event.Event, _ error) {
			for _, e := range batch {
				if of, err := archived.Decode(e); err == nil {
					a.Items = append(a.Items[max(0, len(a.Items)-9_999):], of.Value)
				}
			}
			if len(batch) > 0 {
				seen <- batch[len(batch)-1].ID().Seq()
			}
		})
	}()
	return func(seq uint64) error {
		for got := range seen {
			if got >= seq {
				return nil
			}
		}
		return ctx.Err()
	}
}
