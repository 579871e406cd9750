package eventlogtest

import (
	"fmt"

	"github.com/seawaykit/seaway/server/eventlog"
)

// sizes: a state counts the events that the log holds, not the numbers it has given.
func sizes(t *testCase) {
	log := t.open(eventlog.Retention{MaxEvents: 10})
	if s := t.state(log); s.Events != 0 {
		t.Errorf("an empty log has %d events", s.Events)
	}
	t.fill(log, 3, "a")
	if s := t.state(log); s.Events != 3 || s.Bytes < 3 {
		t.Errorf("after three events a log has %d, of %d bytes", s.Events, s.Bytes)
	}
	t.fill(log, 22, "b")
	t.eventually(func() error {
		if s := t.state(log); s.Events != 10 || s.Bytes < 10 {
			return fmt.Errorf("a log that retains ten events has %d, of %d bytes", s.Events, s.Bytes)
		}
		return nil
	})
}
