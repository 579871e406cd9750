package site

import (
	"context"
	"math"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/vitals"
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

func TestAppendTimerTimesAppends(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &slowLog{}
		w := &appendTimer{log: log}
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
		check("a second reading", 0, 9*time.Millisecond, 3*time.Millisecond)
		log.err = eventlog.ErrUnavailable
		take(time.Second)
		check("after a failure", 0, 9*time.Millisecond, 3*time.Millisecond)
		log.err = nil
		time.Sleep(sampledTime)
		take(20 * time.Millisecond)
		check("a minute later", 1, 20*time.Millisecond, 20*time.Millisecond)
		for range maxSamples {
			take(time.Millisecond)
		}
		take(7 * time.Millisecond)
		check("after many", maxSamples+1, 7*time.Millisecond, time.Millisecond)
	})
}

// A page's post is timed as well as the events that the site publishes by
// itself.
func TestPostsAreTimed(t *testing.T) {
	s, err := newSite(Options{Log: eventlog.NewMemory(eventlog.Retention{})})
	if err == nil {
		err = s.postTo(t.Context(), "lobby", "hi")
	}
	if n, _, _ := s.log.read(time.Now()); n != 1 || err != nil {
		t.Errorf("%d appends were timed (%v)", n, err)
	}
}

// The first sample is of the first second, and not of what was before.
func TestSampleThatIsTheFirstIsOfOneSecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := eventlog.NewMemory(eventlog.Retention{})
		s, err := newSite(Options{Log: log})
		if err != nil {
			t.Fatal(err)
		}
		post := func() {
			if err := s.postTo(t.Context(), "lobby", "hi"); err != nil {
				t.Error(err)
			}
		}
		post()
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { s.publishVitals(ctx) })
		synctest.Wait()
		post()
		post()
		after(time.Second)
		stop()
		running.Wait()
		page, err := log.Read(t.Context(), 1, 10, vitals.SamplesTopic)
		if err != nil || len(page.Events) != 1 {
			t.Fatalf("%d samples, %v", len(page.Events), err)
		}
		if of, err := vitals.Sampled.Decode(page.Events[0]); err != nil || of.Value.Appended != 2 {
			t.Errorf("%+v, %v", of.Value, err)
		}
	})
}

// Rates are over the time since the last sample, however long that was.
func TestRatesAreOverTheTimeSinceTheLastSample(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		counted := sse.Stats{Fast: 2, Plain: 1, Events: 1000, Bytes: 5000}
		log := &slowLog{}
		w := &appendTimer{log: log}
		p := &vitalsSampler{node: "a", streams: func() sse.Stats { return counted }, timer: w}
		begin := time.Now()
		leastBefore := cpuTime()
		p.take(begin)
		mostBefore := cpuTime()
		counted.Events, counted.Bytes = 1100, 9000
		for i := range 10 {
			log.takes = []time.Duration{2 * time.Millisecond, 8 * time.Millisecond}[i/9]
			_, _ = w.Append(t.Context(), event.Draft{})
		}
		for cpuTime() == mostBefore { // ends when the clock of the processor has moved
		}
		time.Sleep(time.Until(begin.Add(2 * time.Second)))
		leastAfter := cpuTime()
		s := p.take(time.Now())
		mostAfter := cpuTime()
		if s.Delivered != 50 || s.Sent != 2000 || s.Appended != 5 || s.Streams != 3 || s.Node != "a" || !s.At.Equal(time.Now()) {
			t.Errorf("got %+v", s)
		}
		if s.Append != 2 || s.AppendMax != 8 {
			t.Errorf("appends took %v ms, the slowest %v", s.Append, s.AppendMax)
		}
		used := time.Duration(math.Round(s.CPU * float64(2*time.Second)))
		if least, most := leastAfter-mostBefore, mostAfter-leastBefore; used < least || used > most {
			t.Errorf("the processor was used for %v, want %v to %v", used, least, most)
		}
	})
}

func TestProcessUsesProcessorAndMemory(t *testing.T) {
	before := cpuTime()
	for cpuTime() == before { // ends when the clock of the processor has moved
	}
	if cpuTime() < before || residentMemory() < 1<<20 {
		t.Errorf("%v after %v, %d bytes", cpuTime(), before, residentMemory())
	}
}
