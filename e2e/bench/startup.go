package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/seawaykit/seaway/e2e/bench/process"
)

const (
	startRounds = 3
	helloTime   = 2 * time.Minute
)

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
	if err := awaitHello(ctx, server.Addr); err != nil {
		return err
	}
	took := time.Since(begun)
	now, err := server.Usage()
	if err != nil {
		return err
	}
	pause(ctx, settledAfter)
	later, err := server.Usage()
	if err != nil || !counts {
		return err
	}
	m.add("Seaway", "s until a stream begins", took.Seconds())
	m.add("Seaway", "s of CPU", now.CPU.Seconds())
	m.add("Seaway", "MiB at the peak", float64(now.Peak)/(1<<20))
	m.add("Seaway", "MiB later", float64(later.RSS)/(1<<20))
	return nil
}

// awaitHello opens streams until one begins: while a log is being opened they are told to
// come back.
func awaitHello(ctx context.Context, addr string) error {
	ctx, cancel := context.WithTimeout(ctx, helloTime)
	defer cancel()
	for ; ctx.Err() == nil; pause(ctx, 10*time.Millisecond) {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/events?topic=room.ready", nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			continue
		}
		lines := bufio.NewScanner(response.Body)
		for lines.Scan() && lines.Text() != "" {
			if lines.Text() == "event: hello" {
				return response.Body.Close()
			}
		}
		response.Body.Close()
	}
	return fmt.Errorf("no stream has begun: %w", ctx.Err())
}
