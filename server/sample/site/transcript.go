package site

import (
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

// A transcript is what a stretch of a room's events comes to.
type transcript struct {
	messages []event.Of[chat.Message] // in the order in which they were posted
	at       map[string]int           // a message's index, by its ID
	removed  map[string]event.ID      // the removal, by the message's ID
}

// newTranscript applies the events in order. An edit of a message from before
// the stretch is left out of the messages: it has no place among them.
func newTranscript(events []event.Event) transcript {
	t := transcript{at: map[string]int{}, removed: map[string]event.ID{}}
	for _, e := range events {
		switch e.Type() {
		case chat.Posted.Name():
			if m, err := chat.Posted.Decode(e.ID(), e.Data()); err == nil {
				t.post(m)
			}
		case chat.Edited.Name():
			if m, err := chat.Edited.Decode(e.ID(), e.Data()); err == nil {
				t.edit(m.Value)
			}
		case chat.Removed.Name():
			if r, err := chat.Removed.Decode(e.ID(), e.Data()); err == nil {
				t.removed[r.Value.ID] = r.ID
			}
		}
	}
	return t
}

// post adds a message. One that is there already stays as it is, and one that was
// removed stays away: it was posted again by a call that came when its key was
// forgotten.
func (t *transcript) post(m event.Of[chat.Message]) {
	if _, known := t.at[m.Value.ID]; known {
		return
	}
	t.at[m.Value.ID] = len(t.messages)
	t.messages = append(t.messages, m)
}

func (t *transcript) edit(m chat.Message) {
	if i, ok := t.at[m.ID]; ok {
		t.messages[i].Value = m
	}
}

// newest returns the newest n messages that have not been removed.
func (t *transcript) newest(n int) []event.Of[chat.Message] {
	var kept []event.Of[chat.Message]
	for _, m := range t.messages {
		if _, gone := t.removed[m.Value.ID]; !gone {
			kept = append(kept, m)
		}
	}
	return kept[max(0, len(kept)-n):]
}
