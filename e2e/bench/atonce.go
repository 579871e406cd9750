package main

import (
	"context"
	"slices"
	"time"

	"github.com/seawaykit/seaway/e2e/bench/load"
)

const (
	atOnceStreams = 8000
	atOnceRounds  = 3
	settledAfter  = 10 * time.Second
)

// atOnce measures the memory of streams that all connect at the same moment, as after a
// restart, ten seconds later and at its highest.
func (b *bench) atOnce(ctx context.Context) ([]figure, error) {
	var m medians
	for range atOnceRounds {
		for _, c := range b.contenders {
			if err := b.connectAtOnce(ctx, c, &m); err != nil {
				return nil, err
			}
		}
	}
	return m.figures(), nil
}

func (b *bench) connectAtOnce(ctx context.Context, c contender, m *medians) error {
	server, stop, err := b.programs.start(c)
	if err != nil {
		return err
	}
	defer stop()
	t, err := newTrial(ctx, server, workload{Rooms: 1, Streams: atOnceStreams})
	if err != nil {
		return err
	}
	defer t.close()
	fleet := load.NewFleet(t.loop, slices.Repeat([]string{"r0"}, atOnceStreams))
	fleet.InFlight = atOnceStreams
	took, err := fleet.Connect(ctx)
	if err != nil {
		return err
	}
	pause(ctx, settledAfter)
	after, err := server.Usage()
	if err != nil {
		return err
	}
	kib := func(bytes int64) float64 { return float64(bytes-t.start.RSS) / 1024 / atOnceStreams }
	m.add(c.Name, "KiB a stream", kib(after.RSS))
	m.add(c.Name, "KiB at the peak", kib(after.Peak))
	m.add(c.Name, "s", took.Seconds())
	return nil
}
