package e2e_test

import (
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"
)

// countFrames notes when the browser draws.
const countFrames = `
window.frames = [];
requestAnimationFrame(function note(at) { frames.push(at); requestAnimationFrame(note); });
`

// BenchmarkFrames posts messages at a steady rate for three seconds and counts
// how often the browser draws meanwhile, at most 60 times a second, and how long
// the longest pause between two frames is. The log syncs each post, which alone
// bounds the rate on a slow disk: posted/s is what was reached.
func BenchmarkFrames(b *testing.B) {
	const span = 3 * time.Second
	for _, rate := range []int{0, 50, 100, 200, 400, 800} {
		b.Run(strconv.Itoa(rate)+"/s", func(b *testing.B) {
			s := startServer(b, "-no-limits")
			for b.Loop() {
				tab := openPage(b, s, countFrames)
				tab.untilLive()
				eval[int](tab, `frames.length = 0`)
				begin := time.Now()
				posted := s.postSteadily(rate, span)
				took := time.Since(begin).Seconds()
				drawn := eval[[]float64](tab, `(() => {
					const pauses = frames.slice(1).map((at, i) => at - frames[i]);
					return [frames.length, Math.max(...pauses)];
				})()`)
				b.ReportMetric(float64(posted)/took, "posted/s")
				b.ReportMetric(drawn[0]/took, "frames/s")
				b.ReportMetric(drawn[1], "longest-ms")
				if posted > 0 {
					tab.untilShows(fmt.Sprint("message ", posted-1))
				}
			}
			b.ReportMetric(0, "ns/op") // the span, of no interest
		})
	}
}

// postSteadily posts rate messages a second, in bursts as they fall due, and
// returns how many.
func (s *server) postSteadily(rate int, span time.Duration) (posted int) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	var posts sync.WaitGroup
	for begin := time.Now(); time.Since(begin) < span; <-tick.C {
		for due := int(time.Since(begin).Seconds() * float64(rate)); posted < due; posted++ {
			text := fmt.Sprint("message ", posted)
			posts.Go(func() { s.post("ann", text) })
		}
		posts.Wait()
	}
	return posted
}
