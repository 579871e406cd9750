package fanout_test

import (
	"fmt"
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/shared/event"
)

// In a log with generations a reader learns of other topics' events nothing by asking: what
// names one, and what names none at its number, are answered alike, by the ring and by the
// log. Of its own topics' events a wrong name is found out, as where nothing else is proof.
func TestForeignPositionsAreAnsweredAlike(t *testing.T) {
	for _, ringSize := range []int{1000, 3} {
		log := &agedLog{Memory: eventlog.NewMemory(eventlog.Retention{})}
		log.begin(eventlog.Generations{{Name: first, First: 1}})
		r := newRig(t, log, fanout.Options{MaxEvents: ringSize, Window: 2})
		r.publishMany("a", 1, 5)
		r.publishMany("b", 6, 10)
		r.publishMany("a", 11, 15)
		open := func(after event.ID, topics ...string) string {
			rd := r.open(fanout.Start{After: after}, topics...)
			return fmt.Sprintf("%s %s: %s", rd.Mode, rd.Reason, rd.read())
		}
		epoch := r.ids[0].Epoch()
		for name, after := range map[string]event.ID{
			"the event": r.ids[7], "no event": event.NewID(epoch, 8, "a guess").In(first), "another guess": event.NewID(epoch, 8, "b guess").In(first), "a position": event.Position(epoch, 8).In(first),
		} {
			expect(t, fmt.Sprintf("%s of another topic, ring of %d", name, ringSize), open(after, "a"), "resumed : "+count("a", 11, 15))
		}
		expect(t, "a wrong name of a topic's own event", open(event.NewID(epoch, 8, "a guess").In(first), "a", "b"), "reset tag: a=14 a=15")
		expect(t, "its right name", open(r.ids[7], "a", "b"), "resumed : "+count("b", 9, 10)+" "+count("a", 11, 15))
		expect(t, "a wrong name of the past", open(event.NewID(epoch, 8, "a guess").In(lost), "a"), "reset past: a=14 a=15")
	}
}
