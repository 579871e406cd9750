package embedded

import (
	"slices"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// A log that is opened with another retention has that from then on, with what it
// holds already. While a value holds events it waits for that, as always.
func TestRetentionOfTheOptionsHoldsForALogThatExists(t *testing.T) {
	for _, held := range []bool{false, true} {
		dir := t.TempDir()
		log := openLog(t, Options{Dir: dir, Retention: eventlog.Retention{MaxEvents: 2000}})
		ids := fill(t, log, 1200)
		value := eventlog.Value{Name: "v", Position: ids[0].Before(), Holds: held}
		must(t, log.Put(t.Context(), value, event.ID{}))
		include := func() {
			was := value.Position
			value.Position = ids[len(ids)-1]
			must(t, log.Put(t.Context(), value, was))
		}
		keeps := func(want []event.ID) {
			t.Helper()
			until(t, func() bool { return state(t, log).First == want[0].Seq() })
			var got []event.ID
			for _, e := range readAll(t, log) {
				got = append(got, e.ID())
			}
			if !slices.Equal(got, want) {
				t.Fatalf("held %v: the log has %d events, want %d", held, len(got), len(want))
			}
		}
		reopen := func(r eventlog.Retention) {
			must(t, log.Close())
			log = openLog(t, Options{Dir: dir, Retention: r})
		}
		reopen(eventlog.Retention{MaxEvents: 10}) // of which the hard limit is less than there is
		if held {
			keeps(ids)
			include()
		}
		keeps(ids[1190:])
		reopen(eventlog.Retention{MaxEvents: 30})
		ids = append(ids, fill(t, log, 30)...)
		include()
		keeps(ids[1200:])
		reopen(eventlog.Retention{MaxBytes: 1000})
		include()
		until(t, func() bool { return len(readAll(t, log)) < 10 })
		reopen(eventlog.Retention{MaxAge: time.Second})
		until(t, func() bool { return len(readAll(t, log)) == 0 })
	}
}
