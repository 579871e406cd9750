package state

import "github.com/seawaykit/seaway/shared/event"

// Stored is a reply that is the id of the newest event which the mutation has stored, to
// be embedded in one: as JSON {"id":"<id>"}. It takes the place of "events" in the
// [Answer]. The function of a mutation that publishes nothing sets the ID to that of the
// event by which the request was fulfilled before.
type Stored struct {
	ID event.ID `json:"id"`
}

func (s *Stored) setEvents(ids []event.ID) {
	if len(ids) > 0 {
		s.ID = ids[len(ids)-1]
	}
}

func (s *Stored) events() []event.ID {
	if s.ID.IsZero() {
		return nil
	}
	return []event.ID{s.ID}
}

// storedReply is a reply that embeds Stored.
type storedReply interface {
	setEvents(ids []event.ID)
	events() []event.ID
}
