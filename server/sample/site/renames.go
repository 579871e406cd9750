package site

import (
	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/event"
)

// renames returns the subscription by which a guest who is present has a new name at once,
// on whichever node it was set.
func (s *Site) renames() sse.Subscription {
	return sse.Subscription{
		Topics: []string{namesTopic},
		Begin:  func(string) {}, Current: func() {},
		Events: func(events []event.Event) {
			for _, e := range events {
				if g, err := named.Decode(e); err == nil {
					s.here.Refresh(g.Value.ID)
				}
			}
		},
	}
}
