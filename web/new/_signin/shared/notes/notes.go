// Package notes defines the state, the events and the commands that page and server share.
package notes

import (
	_ "embed"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/state"
)

// A Note is a line of a list.
type Note struct {
	Text string `json:"text"`
}

// An Item is a note in a list, with the id of its event.
type Item struct {
	ID event.ID `json:"id"`
	Note
}

// A List is the state of a topic notes.<name>: the newest 200 notes of a user, the oldest first.
type List struct{ Notes []Item }

var (
	Lists   = state.Define[List]("notes")
	Written = state.On(Lists, "notes.written", func(l *List, e event.Of[Note]) {
		l.Notes = append(l.Notes[max(0, len(l.Notes)-199):], Item{ID: e.ID, Note: e.Value})
	}) // an event, from the server to the pages, and what it changes
	Write = command.Define[Note, event.ID]("notes.write") // a command, from a page to the server
)

//go:embed schema.txt
var history string

func init() { event.Record(history) } // the event types of earlier releases: see the test
