package embedded

import (
	"fmt"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// BenchmarkReplay reads the newest half of a log, of 1 topic of 1, 32 of 32, 32 of 100
// and 1 of 100.
func BenchmarkReplay(b *testing.B) {
	const events = 100_000
	for _, all := range []int{1, 32, 100} {
		log, err := Open(b.Context(), Options{Dir: b.TempDir(), Sync: MinutesLostAtPowerCut})
		if err != nil {
			b.Fatal(err)
		}
		var writers sync.WaitGroup
		for w := range 50 {
			writers.Go(func() {
				for i := range events / 50 {
					d := event.Draft{Topic: fmt.Sprint("room.r", (i*50+w)%all), Type: "chat.posted", Data: make([]byte, 200)}
					if _, err := log.Append(b.Context(), d); err != nil {
						b.Error(err)
					}
				}
			})
		}
		writers.Wait()
		for _, n := range []int{1, 32} {
			if n > all || all == 32 && n == 1 {
				continue
			}
			topics := make([]string, n)
			for i := range topics {
				topics[i] = fmt.Sprint("room.r", i)
			}
			for name, replay := range map[string]bool{"replay": true, "read": false} {
				b.Run(fmt.Sprintf("%d of %d topics/%s", n, all, name), func(b *testing.B) {
					total, used := 0, processorTime(b)
					for b.Loop() {
						pages := eventlog.NewReplay(log, events/2, topics...)
						if !replay {
							pages = eventlog.NewReplay(struct{ eventlog.Log }{log}, events/2, topics...)
						}
						for head := false; !head; {
							page, err := pages.Next(b.Context(), 1000)
							if err != nil {
								b.Fatal(err)
							}
							total += len(page.Events)
							head = page.Head
						}
					}
					b.ReportMetric(float64(total)/b.Elapsed().Seconds(), "events/s")
					b.ReportMetric(float64((processorTime(b)-used).Microseconds())/float64(total), "cpu-us/event")
				})
			}
		}
		log.Close()
	}
}

// processorTime returns what this process has used: on a busy machine the time that has
// passed says little.
func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
