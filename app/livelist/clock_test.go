package livelist_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/livelist"
)

func TestPageClockTicksOnceASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var a, b []time.Duration
		start := livelist.PageClock.Now()
		stopA := livelist.PageClock.Watch(func(now time.Time) { a = append(a, now.Sub(start)) })
		time.Sleep(1500 * time.Millisecond) // of the bubble's time
		stopB := livelist.PageClock.Watch(func(now time.Time) { b = append(b, now.Sub(start)) })
		time.Sleep(time.Second)
		synctest.Wait()
		stopA()
		time.Sleep(time.Second)
		synctest.Wait()
		stopB()
		time.Sleep(time.Minute)
		synctest.Wait()
		if len(a) != 2 || a[0] != time.Second || a[1] != 2*time.Second {
			t.Errorf("the first watcher was called at %v", a)
		}
		if len(b) != 2 || b[0] != 2*time.Second || b[1] != 3*time.Second {
			t.Errorf("the second watcher was called at %v", b)
		}
	})
}

// The bubble would not end if a goroutine were left.
func TestPageClockWithoutWatchersStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for range 3 {
			livelist.PageClock.Watch(func(time.Time) { t.Error("called after stop") })()
			time.Sleep(2 * time.Second)
		}
		stop := make(chan func(), 1)
		stop <- livelist.PageClock.Watch(func(time.Time) { (<-stop)() }) // from inside
		time.Sleep(5 * time.Second)
	})
}
