package fanout

import (
	"time"

	"github.com/seawaykit/seaway/shared/event"
)

// A FanOut is what a hub has done with one event.
type FanOut struct {
	Event   event.Event
	Began   time.Time // when the hub had it from the log
	Ended   time.Time // when its readers were woken
	Readers int       // of its topic
}

// began returns when a batch came, if that is asked for.
func (h *Hub) began() (at time.Time) {
	if h.opts.FannedOut != nil {
		at = time.Now()
	}
	return at
}

// fannedOut reports the new events of a batch: those that the log held when the tail began
// are not new. readers are those of the topics.
func (h *Hub) fannedOut(batch []event.Event, began time.Time) {
	if h.opts.FannedOut == nil {
		return
	}
	ended := time.Now()
	for _, e := range batch {
		h.mu.RLock()
		isNew, readers := e.ID().Seq() > h.target, 0
		if t := h.ring.topics[e.Topic()]; t != nil {
			readers = t.readers()
		}
		h.mu.RUnlock()
		if isNew {
			h.opts.FannedOut(FanOut{Event: e, Began: began, Ended: ended, Readers: readers})
		}
	}
}
