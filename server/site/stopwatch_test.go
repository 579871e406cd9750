package site

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/event"
)

// A slowLog takes its time to append.
type slowLog struct {
	takes time.Duration
	err   error
}

func (l *slowLog) Append(context.Context, event.Draft) (event.ID, error) {
	time.Sleep(l.takes) // the bubble's
	return event.ID{}, l.err
}

func TestTheStopwatchTimesAppends(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &slowLog{}
		w := &stopwatch{log: log}
		check := func(what string, n int, slowest, median time.Duration) {
			t.Helper()
			gotN, gotSlowest, gotMedian := w.read(time.Now())
			if gotN != n || gotSlowest != slowest || gotMedian != median {
				t.Errorf("%s: %d appends, slowest %v, median %v; want %d, %v, %v", what, gotN, gotSlowest, gotMedian, n, slowest, median)
			}
		}
		take := func(took ...time.Duration) {
			for _, log.takes = range took {
				_, _ = w.Append(t.Context(), event.Draft{})
			}
		}
		check("at first", 0, 0, 0)
		take(3*time.Millisecond, time.Millisecond, 9*time.Millisecond)
		check("after three", 3, 9*time.Millisecond, 3*time.Millisecond)
		check("a second reading", 0, 0, 3*time.Millisecond)
		log.err = eventlog.ErrUnavailable
		take(time.Second)
		check("after a failure", 0, 0, 3*time.Millisecond)
		log.err = nil
		time.Sleep(watchedTime)
		take(5 * time.Millisecond)
		check("a minute later", 1, 5*time.Millisecond, 5*time.Millisecond)
		for range watchedMost {
			take(time.Millisecond)
		}
		take(7 * time.Millisecond)
		check("after many", watchedMost+1, 7*time.Millisecond, time.Millisecond)
	})
}

// Rates are over the time since the last sample, however long that was.
func TestRatesAreOverTheTimeSinceTheLastSample(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		counted := sse.Stats{Fast: 2, Plain: 1, Events: 1000, Bytes: 5000}
		w := &stopwatch{log: &slowLog{}}
		p := &pulse{streams: func() sse.Stats { return counted }, watch: w}
		p.take(time.Now())
		counted.Events, counted.Bytes = 1100, 9000
		for range 10 {
			_, _ = w.Append(t.Context(), event.Draft{})
		}
		time.Sleep(2 * time.Second)
		s := p.take(time.Now())
		if s.Delivered != 50 || s.Sent != 2000 || s.Appended != 5 || s.Streams != 3 || !s.At.Equal(time.Now()) {
			t.Errorf("got %+v", s)
		}
	})
}

func TestTheProcessUsesProcessorAndMemory(t *testing.T) {
	before := cpuTime()
	for cpuTime() == before { // ends when the clock of the processor has moved
	}
	if cpuTime() < before || residentMemory() < 1<<20 {
		t.Errorf("%v after %v, %d bytes", cpuTime(), before, residentMemory())
	}
}
