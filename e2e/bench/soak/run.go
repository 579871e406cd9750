package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"github.com/seawaykit/seaway/e2e/bench/load"
	"github.com/seawaykit/seaway/e2e/bench/process"
)

const (
	room        = "soak"
	stepTime    = 100 * time.Millisecond
	warmTime    = 5 * time.Second  // after which the server holds what it always does
	catchUpTime = 45 * time.Second // for everyone to have everything, when nothing more is published
)

// A soak is one run.
type soak struct {
	config
	server    *process.Process
	publisher *load.Publisher
	loop      *load.Loop
	clients   *clients
	book      *book
}

// run starts the server, soaks it and ends it.
func run(ctx context.Context, c config) error {
	data, err := os.MkdirTemp("", "seaway-soak-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(data)
	args, admin, err := adminArgs(c.seaway)
	if err != nil {
		return err
	}
	server, err := process.Start(c.seaway, append(append(args, process.NoLimits(c.seaway)...), "-data", data)...)
	if err != nil {
		return err
	}
	defer server.Stop()
	loop, err := load.NewLoop(server.Addr)
	if err != nil {
		return err
	}
	defer loop.Close()
	// One poster, so that the order of its events is the log's.
	publisher, err := load.NewPublisher(ctx, server.Addr, 1, []string{room})
	if err != nil {
		return err
	}
	defer publisher.Close()
	s := &soak{config: c, server: server, publisher: publisher, loop: loop, book: newBook()}
	publisher.Acked = s.book.enter
	s.clients = newClients(loop, c.streams, rand.New(rand.NewPCG(c.seed, 0)))
	fmt.Printf("%d streams, %.0f events/s, for %v, seed %d\n", c.streams, c.rate, c.length, c.seed)
	return s.judge(ctx, gauge{server, admin})
}

// judge goes through the phases and says what was wrong.
func (s *soak) judge(ctx context.Context, g gauge) error {
	if err := s.phase(ctx, min(warmTime, s.length/4)); err != nil {
		return err
	}
	if err := s.empty(ctx); err != nil {
		return err
	}
	before, err := g.settled(ctx)
	if err != nil {
		return err
	}
	if err := s.phase(ctx, s.length); err != nil {
		return err
	}
	full, err := g.read()
	if err != nil {
		return err
	}
	lost := s.empty(ctx)
	held := g.awaitBack(ctx, before, s.publisher.Acknowledged().Total())
	fmt.Printf("before: %v\nduring: %v\n", before, full)
	return errors.Join(lost, held)
}

// phase publishes for a time, while clients come and go.
func (s *soak) phase(ctx context.Context, d time.Duration) error {
	s.loop.Do(func() { s.clients.arrive() })
	published := make(chan error, 1)
	go func() { published <- s.publisher.Publish(ctx, s.rate, d) }()
	tick := time.NewTicker(stepTime)
	defer tick.Stop()
	for {
		select {
		case now := <-tick.C:
			s.loop.Do(func() { s.clients.step(now) })
		case err := <-published:
			return errors.Join(err, ctx.Err())
		}
	}
}

// empty lets everyone come back and catch up, sends all home, and reports what
// anyone has missed.
func (s *soak) empty(ctx context.Context) error {
	acknowledged := s.publisher.Acknowledged()
	last := acknowledged[room][0]
	s.loop.Do(func() { s.clients.settle() })
	tick := time.NewTicker(stepTime)
	defer tick.Stop()
	deadline := time.After(catchUpTime)
	for behind := -1; behind != 0; {
		select {
		case now := <-tick.C:
			s.loop.Do(func() {
				s.clients.step(now)
				behind = s.clients.behind(last)
			})
		case <-deadline:
			behind = 0 // the report names them
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	var err error
	s.loop.Do(func() { err = s.clients.leave(s.book, last) })
	return err
}
