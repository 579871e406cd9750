package main

import (
	"context"
	"os"
	"time"

	"github.com/seawaykit/seaway/e2e/bench/load"
)

const (
	rounds    = 5
	postsTime = 2 * time.Second
	syncsTime = 500 * time.Millisecond
)

func (b *bench) posts64(ctx context.Context) ([]figure, error) { return b.posts(ctx, 64) }
func (b *bench) posts1(ctx context.Context) ([]figure, error)  { return b.posts(ctx, 1) }

// posts measures durable posts beside what the disk can do right before them.
func (b *bench) posts(ctx context.Context, clients int) ([]figure, error) {
	var m medians
	server, stop, err := b.programs.start(seaway)
	if err != nil {
		return nil, err
	}
	defer stop()
	for range rounds {
		syncs, err := syncsPerSecond(os.TempDir(), syncsTime)
		if err != nil {
			return nil, err
		}
		before, err := server.Usage()
		if err != nil {
			return nil, err
		}
		l, err := load.PostAll(ctx, server.Addr, clients, "r0", postsTime)
		if err != nil {
			return nil, err
		}
		after, err := server.Usage()
		if err != nil {
			return nil, err
		}
		m.add("the disk", "syncs/s", syncs)
		m.add("Seaway", "posts/s", l.PerSecond())
		m.add("Seaway", "x syncs", l.PerSecond()/syncs)
		m.add("Seaway", "p50 ms", milliseconds(l.Answers.Quantile(0.5)))
		m.add("Seaway", "p99 ms", milliseconds(l.Answers.Quantile(0.99)))
		m.add("Seaway", "CPU us", microseconds(after.CPU-before.CPU)/float64(l.Posts))
	}
	return m.figures(), nil
}
