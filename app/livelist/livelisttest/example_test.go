package livelisttest_test

import (
	"fmt"
	"time"

	"github.com/seawaykit/seaway/app/livelist/livelisttest"
)

func ExampleClock() {
	clock := livelisttest.NewClock(time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC))
	stop := clock.Watch(func(now time.Time) { fmt.Println("it is", now.Format(time.TimeOnly)) })
	clock.Advance(time.Minute)
	stop()
	clock.Advance(time.Minute)
	fmt.Println(clock.Watches(), "watch")
	// Output:
	// it is 09:01:00
	// 0 watch
}
