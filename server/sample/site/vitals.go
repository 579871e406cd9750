package site

import (
	"context"
	"runtime/metrics"
	"time"

	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/vitals"
)

// A vitalsSampler samples the server's vital signs. It keeps the last sample,
// since most values are rates; a second that was not published is not included
// in the next one.
type vitalsSampler struct {
	node    string
	streams func() sse.Stats
	timer   *appendTimer

	at      time.Time
	cpu     time.Duration
	counted sse.Stats
}

// take returns the sample of the time since the last call.
func (p *vitalsSampler) take(now time.Time) vitals.Sample {
	cpu, counted := cpuTime(), p.streams()
	appended, slowest, median := p.timer.read(now)
	heap, goroutines := goRuntime()
	rate := func(n float64) float64 { return n / max(now.Sub(p.at), time.Millisecond).Seconds() }
	s := vitals.Sample{
		At:         now.UTC().Truncate(time.Millisecond),
		Node:       p.node,
		CPU:        rate((cpu - p.cpu).Seconds()),
		Memory:     residentMemory(),
		Heap:       heap,
		Goroutines: goroutines,
		Streams:    counted.Fast + counted.Plain,
		Delivered:  rate(float64(counted.Events - p.counted.Events)),
		Sent:       rate(float64(counted.Bytes - p.counted.Bytes)),
		Appended:   rate(float64(appended)),
		Append:     milliseconds(median),
		AppendMax:  milliseconds(slowest),
	}
	p.at, p.cpu, p.counted = now, cpu, counted
	return s
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// goRuntime returns the bytes of the heap's objects, and the goroutines.
func goRuntime() (heap int64, goroutines int) {
	s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/sched/goroutines:goroutines"}}
	metrics.Read(s)
	return int64(s[0].Value.Uint64()), int(s[1].Value.Uint64())
}

// publishVitals publishes the vital signs once a second until ctx ends.
func (s *Site) publishVitals(ctx context.Context) {
	p := &vitalsSampler{node: s.opts.Node, streams: s.streams.Stats, timer: s.log}
	p.take(time.Now()) // what was before belongs to no second
	eachSecond(ctx, func(ctx context.Context, now time.Time) {
		_, err := vitals.Sampled.Publish(ctx, s.log, vitals.SamplesTopic, p.take(now), event.Expires(vitals.Window))
		if err != nil {
			s.logger.Debug("the vital signs were not published", "error", err)
		}
	})
}
