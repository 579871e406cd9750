package fanout_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/shared/event"
)

// A slowLog takes a second for each page, in a bubble no time at all.
type slowLog struct {
	eventlog.Log
	reads   atomic.Int32
	running atomic.Int32
	most    atomic.Int32
}

func (l *slowLog) Read(ctx context.Context, from uint64, limit int, topics ...string) (eventlog.Page, error) {
	l.reads.Add(1)
	if n := l.running.Add(1); n > l.most.Load() {
		l.most.Store(n)
	}
	defer l.running.Add(-1)
	select {
	case <-time.After(time.Second):
		return l.Log.Read(ctx, from, limit, topics...)
	case <-ctx.Done():
		return eventlog.Page{}, ctx.Err()
	}
}

func TestReadersAtOneOffsetShareOneReadOfTheLog(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		log := &slowLog{Log: eventlog.NewMemory(eventlog.Retention{})}
		r := newRig(t, log, fanout.Options{MaxEvents: 2, PageSize: 4})
		readers := make([]*reader, 1000)
		for i := range readers {
			readers[i] = r.open(fanout.Start{}, "a")
		}
		r.publishMany("a", 1, 9)
		var all sync.WaitGroup
		for _, rd := range readers {
			all.Go(func() {
				frames, err := rd.Fetch(t.Context(), nil)
				if err != nil || len(frames) != 4 || string(frames[3].Bytes) != "a=4" {
					t.Errorf("got %d frames, %v", len(frames), err)
				}
			})
		}
		all.Wait()
		if n := log.reads.Load(); n != 1 {
			t.Errorf("%d reads of the log for 1,000 readers, want 1", n)
		}
		if n := r.hub.Stats().Pages; n != 1 {
			t.Errorf("%d pages are counted", n)
		}
	})
}

// If the caller that reads for all gives up, another one reads.
func TestSharedReadOutlivesTheReaderThatBeganIt(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		log := &slowLog{Log: eventlog.NewMemory(eventlog.Retention{})}
		r := newRig(t, log, fanout.Options{MaxEvents: 2})
		first, second := r.open(fanout.Start{}, "a"), r.open(fanout.Start{}, "a")
		r.publishMany("a", 1, 9)
		ctx, cancel := context.WithCancel(t.Context())
		var both sync.WaitGroup
		both.Go(func() {
			if _, err := first.Fetch(ctx, nil); !errors.Is(err, context.Canceled) {
				t.Errorf("the first: %v", err)
			}
		})
		synctest.Wait()
		both.Go(func() {
			if frames, err := second.Fetch(t.Context(), nil); err != nil || len(frames) != 9 {
				t.Errorf("the second: %d frames, %v", len(frames), err)
			}
		})
		synctest.Wait()
		cancel()
		both.Wait()
	})
}

func TestReadsOfTheLogAreLimitedInNumber(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		log := &slowLog{Log: eventlog.NewMemory(eventlog.Retention{})}
		r := newRig(t, log, fanout.Options{MaxEvents: 2, LogReads: 3})
		var readers []*reader
		for i := range 20 { // each at another offset
			readers = append(readers, r.open(fanout.Start{}, "a", "only"+strconv.Itoa(i)))
		}
		r.publishMany("a", 1, 9)
		var all sync.WaitGroup
		for _, rd := range readers {
			all.Go(func() {
				if _, err := rd.Fetch(t.Context(), nil); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		if n := r.hub.Stats().LogReads; n != 3 {
			t.Errorf("%d reads are counted as under way, want 3", n)
		}
		all.Wait()
		if n := log.most.Load(); n != 3 {
			t.Errorf("%d reads at a time, want 3", n)
		}
	})
}

// A laggingLog's tail holds back what comes after number 5.
type laggingLog struct {
	eventlog.Log
	release chan struct{}
}

func (l *laggingLog) Tail(ctx context.Context, from uint64, fn func([]event.Event, error)) error {
	return l.Log.Tail(ctx, from, func(batch []event.Event, err error) {
		if n := len(batch); n > 0 && batch[n-1].ID().Seq() > 5 {
			<-l.release
		}
		fn(batch, err)
	})
}

// A reader may have read further in the log than the tail has filled the ring.
// The ring's later events are not new to it.
func TestReaderAheadOfTheRingGetsNothingTwice(t *testing.T) {
	log := &laggingLog{eventlog.NewMemory(eventlog.Retention{}), make(chan struct{})}
	r := newRig(t, log, fanout.Options{MaxEvents: 2})
	rd := r.open(fanout.Start{}, "a")
	r.publishMany("a", 1, 5)
	for i := 6; i <= 8; i++ {
		d := event.Draft{Topic: "a", Type: "test.event", Data: []byte(strconv.Itoa(i))}
		if _, err := log.Append(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	expect(t, "from the log", rd.read(), count("a", 1, 8))
	close(log.release)
	r.publishMany("a", 9, 10)
	expect(t, "then", rd.read(), count("a", 9, 10))
}

// Readers that come back at once to a server that has just started find what
// they need in memory.
func TestReadersThatComeBackAfterARestartDoNotReadTheLog(t *testing.T) {
	log := &slowLog{Log: eventlog.NewMemory(eventlog.Retention{})}
	first := newRig(t, log, fanout.Options{})
	first.publishMany("a", 1, 500)
	again := newRig(t, log, fanout.Options{})
	again.awaitHead(500)
	for range 1000 {
		rd := again.open(fanout.Start{After: first.ids[99]}, "a")
		if got := strings.Fields(rd.read()); len(got) != 400 || got[399] != "a=500" {
			t.Fatalf("%s: %d events", rd.Mode, len(got))
		}
	}
	if n := log.reads.Load(); n != 0 {
		t.Errorf("%d reads of the log", n)
	}
}

func TestStatsAreOfTheRingAndTheSlowestReader(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := newRig(t, eventlog.NewMemory(eventlog.Retention{}), fanout.Options{MaxEvents: 4})
		waiting, slow, quiet := r.open(fanout.Start{}, "a"), r.open(fanout.Start{}, "a"), r.open(fanout.Start{}, "b")
		quiet.read()
		r.publishMany("a", 1, 7)
		waiting.read()
		<-time.After(time.Minute)
		want := fanout.Stats{Events: 4, Bytes: len("a=4a=5a=6a=7"), Head: 7, HeadAge: time.Minute, Lag: 7, Cursors: 3, Pages: 1}
		got := r.hub.Stats()
		if got.HeadAge = got.HeadAge.Truncate(time.Second); got != want { // until polled for a moment
			t.Errorf("got %+v, want %+v", got, want)
		}
		slow.Close()
		if got := r.hub.Stats(); got.Lag != 0 || got.Cursors != 2 {
			t.Errorf("without the slow one: %+v", got)
		}
	})
}
