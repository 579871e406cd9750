package fanout_test

import (
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/fanout"
)

// The ring holds more than a log of five events: readers that begin get those five, and
// readers that resume get all that they lack.
func TestWindowHoldsRetainedEventsOnly(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := newRig(t, eventlog.NewMemory(eventlog.Retention{MaxEvents: 5}), fanout.Options{})
		r.publishMany("a", 1, 20)
		time.Sleep(time.Second)
		for _, c := range []struct {
			start fanout.Start
			from  int // the first that is delivered
		}{
			{fanout.Start{Last: 3}, 18}, {fanout.Start{Last: 5}, 16}, {fanout.Start{Last: 100}, 16}, {fanout.Start{After: r.ids[9]}, 11},
		} {
			expect(t, "a reader", r.open(c.start, "a").read(), count("a", c.from, 20))
		}
	})
}
