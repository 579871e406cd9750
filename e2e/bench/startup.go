package main

import (
	"context"
	"time"

	"github.com/seawaykit/seaway/e2e/bench/process"
)

const startRounds = 3

// startup measures starts on a large log: until the first stream has begun, and the memory
// right then and some seconds later.
func (b *bench) startup(ctx context.Context) ([]figure, error) {
	f, err := b.fill(ctx)
	if err != nil {
		return nil, err
	}
	var m medians
	for round := range startRounds + 1 {
		begun := time.Now()
		server, err := b.programs.startOn(f.dir)
		if err != nil {
			return nil, err
		}
		err = measureStart(ctx, server, begun, round > 0, &m) // the first one writes the states
		server.Stop()
		if err != nil {
			return nil, err
		}
	}
	return m.figures(), nil
}

func measureStart(ctx context.Context, server *process.Process, begun time.Time, counts bool, m *medians) error {
	t, err := newTrial(ctx, server, workload{Rooms: 1, Streams: 1})
	if err != nil {
		return err
	}
	defer t.close()
	took, peak := time.Since(begun), t.start.Peak
	pause(ctx, settledAfter)
	later, err := server.Usage()
	if err != nil || !counts {
		return err
	}
	m.add("Seaway", "s until a stream begins", took.Seconds())
	m.add("Seaway", "MiB at the peak", float64(peak)/(1<<20))
	m.add("Seaway", "MiB later", float64(later.RSS)/(1<<20))
	return nil
}
