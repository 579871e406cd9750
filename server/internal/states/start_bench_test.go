package states_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/eventlog/embedded"
	"github.com/seawaykit/seaway/server/internal/states"
	"github.com/seawaykit/seaway/shared/event"
)

// The log of the benchmark of a start: so many events, of which the last are in no
// checkpoint, the share of a busy log that may be in none.
const (
	startEvents = 1_000_000
	startAfter  = startEvents / 16
	startTopics = 10_000
	startText   = "a message of some forty bytes, as they are"
)

func openLog(ctx context.Context, dir string) (*embedded.Log, error) {
	return embedded.Open(ctx, embedded.Options{Dir: dir, Sync: embedded.MinutesLostAtPowerCut, Logger: slog.New(slog.DiscardHandler),
		Retention: eventlog.Retention{MaxEvents: 2 * startEvents, MaxBytes: 4 << 30}})
}

func openArchives(ctx context.Context, log eventlog.Log) (*states.States[archive], error) {
	return states.Open(ctx, log, archives, states.Options{Logger: slog.New(slog.DiscardHandler)})
}

// buildLog builds the log of a server that is about to be killed.
func buildLog(dir string) error {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	disk, err := openLog(ctx, dir)
	if err != nil {
		return err
	}
	log := &faulty{Log: disk}
	s, err := openArchives(ctx, log)
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	if err := appendMany(ctx, log, 0, startEvents-startAfter); err != nil {
		return err
	}
	if err := s.CatchUp(ctx); err != nil {
		return err
	}
	stop() // writes the last checkpoints
	<-ended
	if err := appendMany(context.Background(), log, startEvents-startAfter, startEvents); err != nil {
		return err
	}
	return nil
}

// appendMany appends events of all topics, from 64 goroutines.
func appendMany(ctx context.Context, log eventlog.Log, from, to int) error {
	failed := make(chan error, 64)
	var wg sync.WaitGroup
	for w := range 64 {
		wg.Go(func() {
			for i := from + w; i < to; i += 64 {
				if _, err := archived.Publish(ctx, log, archives.Topic(fmt.Sprint(i%startTopics)), startText); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	wg.Wait()
	close(failed)
	return <-failed
}

// BenchmarkStart is the start of a server that was killed: "ms" until its states
// are there, "log-ms" of them to open the log, whose files are all read, and "cpu-ms"
// of the processors. "by hand" is a program that keeps no checkpoints and folds the
// whole log. Budget: 2,000 ms.
func BenchmarkStart(b *testing.B) {
	killed := b.TempDir()
	begun := time.Now()
	playRole(b, builderRole, killed)
	b.Logf("%d events of %d topics were built in %v", startEvents, startTopics, time.Since(begun))
	for _, kept := range []bool{false, true} {
		b.Run(map[bool]string{false: "by hand", true: "kept"}[kept], func(b *testing.B) {
			var opened, busy time.Duration
			for range b.N {
				b.StopTimer()
				dir := b.TempDir()
				if err := os.CopyFS(dir, os.DirFS(killed)); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				log, cpu := start(b, dir, kept)
				opened, busy = opened+log, busy+cpu
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms")
			b.ReportMetric(float64(opened.Milliseconds())/float64(b.N), "log-ms")
			b.ReportMetric(float64(busy.Milliseconds())/float64(b.N), "cpu-ms")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// start starts once, and returns how long it took to open the log, and the time of
// the processors for all of it.
func start(b *testing.B, dir string, kept bool) (opened, busy time.Duration) {
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	begun, before := time.Now(), cpuTime()
	log, err := openLog(ctx, dir)
	if err != nil {
		b.Fatal(err)
	}
	opened = time.Since(begun)
	if kept {
		var s *states.States[archive]
		if s, err = openArchives(ctx, log); err == nil {
			go s.Run(ctx)
			err = s.CatchUp(ctx)
		}
	} else {
		err = foldAll(ctx, log)
	}
	b.StopTimer()
	busy = cpuTime() - before
	if err != nil {
		b.Fatal(err)
	}
	stop()
	log.Close()
	b.StartTimer()
	return opened, busy
}

func cpuTime() time.Duration {
	var r syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &r) // whose only error is another argument
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// foldAll folds all topics of a log as a program without States would.
func foldAll(ctx context.Context, log eventlog.Log) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	all, done := map[string]*archive{}, false
	err := log.Tail(ctx, 0, func(batch []event.Event, _ error) {
		for _, e := range batch {
			a := all[e.Topic()]
			if a == nil {
				a = &archive{}
				all[e.Topic()] = a
			}
			if of, err := archived.Decode(e); err == nil {
				a.Items = append(a.Items[max(0, len(a.Items)-9_999):], of.Value)
			}
		}
		if done = len(batch) == 0; done {
			stop()
		}
	})
	if done {
		return nil
	}
	return err
}
