// Package inbox is a sample contract: notices for one guest. Replace it with
// your own.
package inbox

import (
	"time"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/guest"
)

// A Kind is what a notice is about.
type Kind string

// The kinds.
const (
	Mention Kind = "mention" // somebody wrote @name in a room
	Joined  Kind = "joined"  // somebody has picked a name for the first time
)

// A Notice is one entry of a guest's inbox.
type Notice struct {
	ID   string      `json:"id"`
	Kind Kind        `json:"kind"`
	From guest.Guest `json:"from"`
	Room string      `json:"room,omitempty"`
	Text string      `json:"text,omitempty"`
	At   time.Time   `json:"at"`
}

// Noticed puts a notice into an inbox.
var Noticed = event.Define[Notice]("inbox.noticed")

// Topic returns the topic of a guest's notices. Nobody else may read it.
func Topic(guest string) string { return "user." + guest }

// A Mark is how far a guest has read.
type Mark struct {
	UpTo event.ID `json:"up_to"` // of the newest notice that has been seen
}

// Marked tells the guest's other pages. Only its topic's newest event is kept.
var Marked = event.Define[Mark]("inbox.marked")

// MarkTopic returns the topic of a guest's mark. Nobody else may read it.
func MarkTopic(guest string) string { return Topic(guest) + ".read" }

// A ReadRequest says that everything up to a notice has been seen.
type ReadRequest struct {
	UpTo event.ID `json:"up_to"`
}

// A ReadReply says that the mark is durable.
type ReadReply struct{}

// Read moves the caller's mark forward; never back.
var Read = command.Define[ReadRequest, ReadReply]("inbox.read")

// A ListRequest asks for what is in the caller's inbox.
type ListRequest struct{}

// A ListReply has the notices that are kept, the oldest first, and the mark. A
// page that follows both topics from before it asked misses nothing.
type ListReply struct {
	Notices []event.Of[Notice] `json:"notices"`
	Mark    Mark               `json:"mark"`
}

// List reads the caller's inbox. The page that is drawn for everybody cannot
// hold it, and goes on in the log where it ends: notices of before are had so.
var List = command.Define[ListRequest, ListReply]("inbox.list")
