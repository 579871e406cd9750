package page

import (
	"encoding/json"
	"time"

	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/vitals"
)

// ticks are the newest ticks, and how the page has received those that came by its
// stream.
type ticks struct {
	newest   []vitals.Tick // the newest first; never changed in place
	last     event.Of[vitals.Tick]
	counts   tickCounts
	counting bool // the page is mounted
	begins   bool // the next one begins anew, after a reset
}

// tickCounts count by the ticks' numbers what the stream has brought.
type tickCounts struct {
	Received, Missed, Repeated int
	CaughtUp                   int // of those received: published while the page was not connected
}

// add adds a tick that was stored at a time. Those stored before the server greeted the
// present connection were sent again from the log.
func (t *ticks) add(e event.Of[vitals.Tick], greeted time.Time) {
	if t.begins {
		t.newest, t.begins = nil, false
	}
	if t.counting {
		t.count(e, greeted)
	}
	t.last = e
	keep := t.newest[:min(len(t.newest), frontTicks-1)]
	t.newest = append([]vitals.Tick{e.Value}, keep...)
}

func (t *ticks) count(e event.Of[vitals.Tick], greeted time.Time) {
	t.counts.Received++
	if e.At.Before(greeted) {
		t.counts.CaughtUp++
	}
	n := e.Value.Number
	if len(t.newest) == 0 || n <= 1 { // of a log that had no tick, or of an older server
		return
	}
	switch last := t.newest[0].Number; {
	case n <= last:
		t.counts.Repeated++
	case last > 0:
		t.counts.Missed += n - last - 1
	}
}

// frame returns the newest tick's frame: that of a page which has not been sent any yet
// is made of what its HTML carries.
func (t *ticks) frame() string {
	if t.last.ID.IsZero() {
		return ""
	}
	data, _ := json.Marshal(t.last.Value) // it holds nothing that fails
	meta := event.Meta{ID: t.last.ID, Topic: t.last.Topic, At: t.last.At}
	return wireText(transport.Frame{Name: vitals.Ticked.Name(), Data: string(data), LastEventID: meta.String()})
}
