package fanout_test

import (
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/fanout"
)

// A reader whose connection had no room for a page gets the rest of it without another
// read of the log, for some seconds.
func TestRestOfAPageIsNotReadAgain(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		log := &slowLog{Log: eventlog.NewMemory(eventlog.Retention{})}
		r := newRig(t, log, fanout.Options{MaxEvents: 2, PageSize: 4})
		rd := r.open(fanout.Start{}, "a")
		r.publishMany("a", 1, 9)
		for i, want := range []struct {
			frames int
			last   string
			reads  int32
		}{{4, "a=4", 1}, {3, "a=4", 1}, {2, "a=4", 1}, {1, "a=4", 1}, {4, "a=8", 2}} {
			frames, _, err := r.hub.Fetch(t.Context(), rd.Offset())
			if err != nil || len(frames) != want.frames || string(frames[len(frames)-1].Bytes) != want.last || log.reads.Load() != want.reads {
				t.Fatalf("fetch %d: %d frames, %d reads (%v), want %+v", i, len(frames), log.reads.Load(), err, want)
			}
			rd.MoveTo(frames[0].ID)
		}
		<-time.After(time.Minute)
		if frames, _, err := r.hub.Fetch(t.Context(), rd.Offset()); err != nil || len(frames) != 4 || string(frames[3].Bytes) != "a=9" || log.reads.Load() != 3 {
			t.Errorf("after a minute: %d frames, %d reads (%v)", len(frames), log.reads.Load(), err)
		}
	})
}

// Two readers of the same topics at different offsets each get what follows theirs.
func TestReplaysOfOneGroupDoNotMix(t *testing.T) {
	r := newRig(t, eventlog.NewMemory(eventlog.Retention{}), fanout.Options{MaxEvents: 2, PageSize: 3})
	first := r.open(fanout.Start{}, "a", "b")
	r.publishMany("a", 1, 10)
	second := r.open(fanout.Start{After: r.ids[4]}, "b", "a")
	r.publishMany("b", 11, 20)
	for range 2 {
		for _, rd := range []*reader{first, second} {
			if _, err := rd.Fetch(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	expect(t, "the first", first.read(), count("a", 7, 10)+" "+count("b", 11, 20))
	expect(t, "the second", second.read(), count("b", 12, 20))
}
