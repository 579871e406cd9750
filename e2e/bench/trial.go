package main

import (
	"cmp"
	"context"
	"time"

	"github.com/seawaykit/seaway/e2e/bench/load"
	"github.com/seawaykit/seaway/e2e/bench/process"
)

const (
	// posters publish side by side, so that a log that waits for the disk can
	// write several events at once.
	posters = 8

	settleTime  = 700 * time.Millisecond // from the last connect to the reading of idle memory
	quietTime   = time.Second            // without a delivery: what is missing will not come
	connectTime = 15 * time.Second
	awayTime    = time.Second // between the cut and the return of a storm
)

// A trial is one server under one workload.
type trial struct {
	workload  workload
	server    *process.Process
	loop      *load.Loop
	fleet     *load.Fleet
	publisher *load.Publisher
	start     process.Usage // before the first stream
	perEvent  time.Duration // what publishing costs
	result    result
}

// newTrial prepares a load on a server that has just been started. The caller
// must close the trial.
func newTrial(ctx context.Context, server *process.Process, w workload) (*trial, error) {
	loop, err := load.NewLoop(server.Addr)
	if err != nil {
		return nil, err
	}
	t := &trial{workload: w, server: server, loop: loop, fleet: load.NewFleet(loop, w.roomOfEach())}
	if err := t.awaitReady(ctx); err != nil {
		loop.Close()
		return nil, err
	}
	if t.publisher, err = load.NewPublisher(ctx, server.Addr, cmp.Or(w.Posters, posters), w.rooms()); err != nil {
		loop.Close()
		return nil, err
	}
	t.publisher.Padding = w.Padding
	t.start, err = server.Usage()
	return t, err
}

func (t *trial) close() {
	t.publisher.Close()
	t.loop.Close()
}

// awaitReady opens one stream and cuts it. A server may accept connections
// before it has opened its log.
func (t *trial) awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	first := load.NewFleet(t.loop, []string{"ready"})
	defer first.Cut()
	_, err := first.Connect(ctx)
	return err
}

// run puts the server through the workload.
func (t *trial) run(ctx context.Context) error {
	t.fleet.MakeRemote(t.workload.Stuck)
	if err := t.connect(ctx); err != nil {
		return err
	}
	pause(ctx, settleTime)
	idle, err := t.server.Usage()
	if err != nil {
		return err
	}
	t.result.IdleKiB = t.kibPerStream(idle)
	switch {
	case t.workload.Storm:
		return t.storm(ctx)
	case t.workload.Stuck > 0:
		if err := t.publish(ctx, t.workload.Time/4, 0); err != nil {
			return err
		}
		t.result.FreeP99 = t.result.P99
		if err := t.fleet.Pause(t.workload.Stuck); err != nil {
			return err
		}
	}
	return t.publish(ctx, t.workload.Time, t.workload.Stuck)
}

func (t *trial) connect(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	took, err := t.fleet.Connect(ctx)
	t.result.Connects = float64(t.workload.Streams) / took.Seconds()
	return err
}

// publish loads the server for a time and enters what it did. The first stuck
// streams are left out of what is lost.
func (t *trial) publish(ctx context.Context, d time.Duration, stuck int) error {
	t.fleet.Reset()
	published := t.publisher.Acknowledged().Total()
	m, err := t.meter()
	if err != nil {
		return err
	}
	if err := t.publisher.Publish(ctx, t.workload.Rate, d); err != nil {
		t.result.Trouble = err.Error()
	}
	busy, err := t.server.Usage()
	if err != nil {
		return err
	}
	t.result.BusyKiB = t.kibPerStream(busy)
	t.fleet.Await(ctx, t.publisher.Acknowledged(), stuck, quietTime)
	t.result.Lost = t.fleet.Missing(t.publisher.Acknowledged(), stuck)
	t.result.Published = t.publisher.Acknowledged().Total() - published
	return m.enter(&t.result)
}

// storm cuts every stream while events are published, and brings all back.
func (t *trial) storm(ctx context.Context) error {
	publishing, stop := context.WithCancel(ctx)
	defer stop()
	m, err := t.meter()
	if err != nil {
		return err
	}
	published := make(chan error, 1)
	go func() { published <- t.publisher.Publish(publishing, t.workload.Rate, time.Minute) }()
	pause(ctx, t.workload.Time/2)
	t.fleet.Cut()
	pause(ctx, awayTime)
	back := time.Now()
	err = t.connect(ctx)
	if err == nil {
		t.fleet.Await(ctx, t.publisher.Acknowledged(), 0, 2*quietTime)
		t.result.Resumed = time.Since(back).Seconds()
		pause(ctx, t.workload.Time/2)
	}
	busy, usageErr := t.server.Usage()
	if usageErr != nil {
		return usageErr
	}
	t.result.BusyKiB = t.kibPerStream(busy)
	stop()
	if err := <-published; err != nil {
		t.result.Trouble = err.Error()
	}
	if err != nil {
		return err
	}
	t.fleet.Await(ctx, t.publisher.Acknowledged(), 0, quietTime)
	t.result.Lost = t.fleet.Missing(t.publisher.Acknowledged(), 0)
	t.result.Published = t.publisher.Acknowledged().Total()
	return m.enter(&t.result)
}

// publishingCost returns what an event costs a server that nobody reads.
func (t *trial) publishingCost(ctx context.Context) (time.Duration, error) {
	m, err := t.meter()
	if err != nil {
		return 0, err
	}
	if err := t.publisher.Publish(ctx, t.workload.Rate, t.workload.Time); err != nil {
		return 0, err
	}
	after, err := t.server.Usage()
	if err != nil {
		return 0, err
	}
	return (after.CPU - m.server.CPU) / time.Duration(max(1, t.publisher.Acknowledged().Total())), nil
}

func (t *trial) kibPerStream(u process.Usage) float64 {
	return float64(u.RSS-t.start.RSS) / 1024 / float64(t.workload.Streams)
}

// pause waits, less if ctx ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
