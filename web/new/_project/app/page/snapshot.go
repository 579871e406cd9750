package page

import (
	"github.com/seawaykit/seaway/shared/event"

	"example.com/me/app/shared/notes"
)

// Last is how many events a page begins with.
const Last = 100

// A Snapshot is what the page shows. The server makes the first one from the log;
// the page goes on from it, event by event.
type Snapshot struct {
	Notes []event.Of[notes.Note]
	After event.ID // the stream goes on after it
}

// Apply takes up an event of the log.
func (s *Snapshot) Apply(e event.Event) {
	switch e.Type() {
	case notes.Written.Name():
		if n, err := notes.Written.Decode(e.ID(), e.Data()); err == nil {
			s.write(n)
		}
	}
}

func (s *Snapshot) write(n event.Of[notes.Note]) { s.Notes = append(s.Notes, n) }
