package states_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/states"
	"github.com/seawaykit/seaway/shared/event"
)

// A slow log takes its time to store a value.
type slow struct {
	eventlog.Log
	put  time.Duration
	puts atomic.Int64
}

func (s *slow) Put(ctx context.Context, v eventlog.Value, prev event.ID) error {
	s.puts.Add(1)
	time.Sleep(s.put)
	return s.Log.Put(ctx, v, prev)
}

// A log of 50 events with three more each second, as the sample's: it never holds many
// more, also where checkpoints take long and the writer rests after each.
func TestCheckpointsKeepASmallLogSmall(t *testing.T) {
	for _, put := range []time.Duration{0, 20 * time.Millisecond, 250 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			log := &slow{Log: small(), put: put}
			n := run(t, log, states.Options{})
			defer n.stop()
			for range 350 {
				add(t, log, "red", "a")
			}
			time.Sleep(2 * time.Second)
			for range 300 {
				if _, err := remarked.Publish(t.Context(), log, "elsewhere", "x"); err != nil {
					t.Fatal(err)
				}
				if got := held(t, log); got > 55 {
					t.Errorf("values take %v: the log holds %d events", put, got)
					break
				}
				time.Sleep(time.Second / 3)
			}
			n.shows(t, "red", "a350")
		})
	}
}

// A new log has room for what is in no checkpoint: each 256 events a state and the record
// are stored, and not each four.
func TestCheckpointsOfALogWithRoomAreRare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &slow{Log: eventlog.NewMemory(eventlog.Retention{})}
		n := run(t, log, states.Options{})
		defer n.stop()
		before := log.puts.Load()
		for range 2_000 {
			add(t, log, "red", "a")
			time.Sleep(10 * time.Millisecond)
		}
		if puts := log.puts.Load() - before; puts == 0 || puts > 2*2_000/256 {
			t.Errorf("%d values were stored in 20 s with 100 events a second", puts)
		}
		n.shows(t, "red", "a2000")
	})
}
