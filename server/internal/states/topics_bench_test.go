package states_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/metrics"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// benchTopics is the number of topics of BenchmarkTopics, of 1 KB each.
const benchTopics = 100_000

// BenchmarkTopics reports the memory of a process with 100,000 topics of 1 KB and a
// log on disk: "peak-MiB" while all of them are made and then read, of which states
// take 64 MiB at most (states.Options.Memory), and "made-MiB" before they are read.
// Budget: 200 MiB.
func BenchmarkTopics(b *testing.B) {
	for range b.N {
		var peak, made, us float64
		if _, err := fmt.Sscan(playRole(b, topicsRole, b.TempDir()), &peak, &made, &us); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(peak, "peak-MiB")
		b.ReportMetric(made, "made-MiB")
		b.ReportMetric(us, "us/topic")
	}
	b.ReportMetric(0, "ns/op")
}

// keepTopics makes the topics and reads them, and reports the memory.
func keepTopics(dir string) (report string, err error) {
	ctx := context.Background()
	log, err := openLog(ctx, dir)
	if err != nil {
		return "", err
	}
	peak := watchMemory()
	s, err := openArchives(ctx, log)
	if err != nil {
		return "", err
	}
	go s.Run(ctx)
	begun := time.Now()
	err = eachTopic(func(key string) error {
		_, err := archived.Publish(ctx, log, archives.Topic(key), strings.Repeat("x", 1000))
		return err
	})
	if err == nil {
		err = s.CatchUp(ctx)
	}
	us := time.Since(begun).Microseconds() / benchTopics
	made := peak.Load()
	if err == nil {
		err = eachTopic(func(key string) error {
			return s.View(ctx, key, func(a *archive, _ event.ID) error {
				if len(a.Items) != 1 {
					return errors.New("a topic is not what it was")
				}
				return nil
			})
		})
	}
	return fmt.Sprint(peak.Load()>>20, made>>20, us), err
}

// eachTopic calls fn for all topics, from 16 goroutines.
func eachTopic(fn func(key string) error) error {
	const each = benchTopics / 16
	failed := make(chan error, 16)
	var wg sync.WaitGroup
	for w := range 16 {
		wg.Go(func() {
			for i := w * each; i < (w+1)*each; i++ {
				if err := fn(fmt.Sprint(i)); err != nil {
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

// watchMemory notes the most memory that the process has of the system.
func watchMemory() *atomic.Uint64 {
	var peak atomic.Uint64
	go func() {
		s := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
		for range time.Tick(20 * time.Millisecond) {
			metrics.Read(s)
			peak.Store(max(peak.Load(), s[0].Value.Uint64()-s[1].Value.Uint64()))
		}
	}()
	return &peak
}

// BenchmarkEntry is the memory of an empty state besides its JSON: entrySize is what
// is counted for it.
func BenchmarkEntry(b *testing.B) {
	const n = 50_000
	s, err := openArchives(b.Context(), eventlog.NewMemory(eventlog.Retention{}))
	if err != nil {
		b.Fatal(err)
	}
	go s.Run(b.Context())
	for range b.N {
		before := heap()
		for i := range n {
			key := fmt.Sprintf("a-key-of-20-bytes-%d", i)
			if err := s.View(b.Context(), key, func(*archive, event.ID) error { return nil }); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(heap()-before)/n, "B/entry")
	}
	b.ReportMetric(0, "ns/op")
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
