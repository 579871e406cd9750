package httpd

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestMemoryIsReturnedAfterABurst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, start := newBursts(), time.Now()
		var mu sync.Mutex // the bubble's clock orders nothing for the race detector
		var at []time.Duration
		b.free = func() {
			mu.Lock()
			defer mu.Unlock()
			at = append(at, time.Since(start))
		}
		connect := func(n int) {
			for range n {
				b.begin()
			}
		}
		connect(burst - 1)
		time.Sleep(time.Hour)
		synctest.Wait()
		if len(at) > 0 {
			t.Errorf("memory was returned after %d connections", burst-1)
		}
		connect(burst + 1)
		time.Sleep(burstEvery + burstPause)
		connect(1)
		time.Sleep(time.Hour)
		synctest.Wait()
		want := []time.Duration{time.Hour + burstPause, time.Hour + burstPause + burstEvery}
		if len(at) != 2 || at[0] != want[0] || at[1] != want[1] {
			t.Errorf("memory was returned at %v, want %v", at, want)
		}
	})
}
