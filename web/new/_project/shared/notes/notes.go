// Package notes is what the page and the server say to each other. Both are
// compiled from it: change it, and neither builds until both agree.
package notes

import (
	"time"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
)

// Topic is where notes are told.
const Topic = "notes"

// A Note is a line that everybody sees.
type Note struct {
	Text string    `json:"text"`
	At   time.Time `json:"at"`
}

// Written tells of a note, from the server to the pages.
var Written = event.Define[Note]("notes.written")

// A WriteRequest asks for a note.
type WriteRequest struct {
	Text string `json:"text"`
}

// A WriteReply says that it is stored.
type WriteReply struct {
	ID event.ID `json:"id"`
}

// Write asks for a note, from a page to the server.
var Write = command.Define[WriteRequest, WriteReply]("notes.write")
