package main

import (
	"context"
	"time"
)

const (
	idleStreams = 1000
	idleTime    = 20 * time.Second
)

// idle measures what a server uses whose streams are quiet.
func (b *bench) idle(ctx context.Context) ([]figure, error) {
	var m medians
	for _, c := range b.contenders {
		if err := b.idleOnce(ctx, c, &m); err != nil {
			return nil, err
		}
	}
	return m.figures(), nil
}

func (b *bench) idleOnce(ctx context.Context, c contender, m *medians) error {
	server, stop, err := b.programs.start(c)
	if err != nil {
		return err
	}
	defer stop()
	t, err := newTrial(ctx, server, workload{Rooms: 1, Streams: idleStreams})
	if err != nil {
		return err
	}
	defer t.close()
	if err := t.connect(ctx); err != nil {
		return err
	}
	pause(ctx, settledAfter)
	before, err := server.Usage()
	if err != nil {
		return err
	}
	pause(ctx, idleTime)
	after, err := server.Usage()
	if err != nil {
		return err
	}
	m.add(c.Name, "% of a core", 100*(after.CPU-before.CPU).Seconds()/idleTime.Seconds())
	return nil
}
