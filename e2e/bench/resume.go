package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/seawaykit/seaway/e2e/bench/load"
	"github.com/seawaykit/seaway/e2e/bench/process"
)

const (
	resumeRounds = 3
	resumeTime   = 5 * time.Second
)

// resume measures a client that comes back half a log later, with one topic and with 32.
func (b *bench) resume(ctx context.Context) ([]figure, error) {
	f, err := b.fill(ctx)
	if err != nil {
		return nil, err
	}
	server, err := b.programs.startOn(f.dir)
	if err != nil {
		return nil, err
	}
	defer server.Stop()
	if err := awaitHello(ctx, server.Addr); err != nil {
		return nil, err
	}
	t, err := newTrial(ctx, server, workload{Rooms: 1, Streams: 1})
	if err != nil {
		return nil, err
	}
	defer t.close()
	pause(ctx, settledAfter) // it may have checkpoints to write
	var m medians
	for range resumeRounds {
		for _, topics := range []int{1, 32} {
			if err := resumeOnce(ctx, t.loop, server, f.middle, topics, &m); err != nil {
				return nil, err
			}
		}
	}
	return m.figures(), nil
}

// resumeOnce reads for a while, or all that there is.
func resumeOnce(ctx context.Context, loop *load.Loop, server *process.Process, after string, topics int, m *medians) error {
	path := "/events?after=" + after
	for i := range topics {
		path += fmt.Sprint("&topic=room.r", i)
	}
	before, err := server.Usage()
	if err != nil {
		return err
	}
	var c catchUp
	loop.Do(func() { c.err = loop.NewStream(path, &c).Open() })
	pause(ctx, resumeTime)
	var got catchUp
	loop.Do(func() { got = c; c.stop = true })
	after2, err := server.Usage()
	if err != nil {
		return err
	}
	if got.err != nil || got.events == 0 {
		return fmt.Errorf("%d events came (%v)", got.events, got.err)
	}
	name := fmt.Sprintf("Seaway, %d topics", topics)
	m.add(name, "events/s", float64(got.events)/got.last.Sub(got.first).Seconds())
	m.add(name, "CPU us", microseconds(after2.CPU-before.CPU)/float64(got.events))
	return nil
}

// A catchUp counts what a stream receives. It is the loop's.
type catchUp struct {
	events      int
	first, last time.Time
	stop        bool
	err         error
}

func (c *catchUp) Opened(*load.Stream) { c.first = time.Now() }

func (c *catchUp) Received(s *load.Stream, e load.Event, at time.Time) {
	if strings.HasPrefix(string(e.Name), "chat.") {
		c.events++
		c.last = at
	}
	if c.stop {
		s.Close()
	}
}

func (c *catchUp) Ended(_ *load.Stream, err error) { c.err = err }
