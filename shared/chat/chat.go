// Package chat is a sample contract: what the pages and the server of a chat
// say to each other. Replace it with your own.
package chat

import (
	"time"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
)

// A Message is one line of a room.
type Message struct {
	ID     string    `json:"id"`
	Author string    `json:"author"`
	Text   string    `json:"text"`
	At     time.Time `json:"at"`
}

// Posted tells a room's topic that a message was written.
var Posted = event.Define[Message]("chat.posted")

// A PostRequest asks to write a message.
type PostRequest struct {
	Room   string `json:"room"`
	Author string `json:"author"`
	Text   string `json:"text"`
}

// A PostReply says that the message is durable.
type PostReply struct {
	ID event.ID `json:"id"` // of the event
}

// Post writes a message into a room.
var Post = command.Define[PostRequest, PostReply]("chat.post")

// Limits of a message, in characters.
const (
	MaxText   = 4000
	MaxAuthor = 64
	MaxRoom   = 64
)

// Topic returns the topic of a room's events.
func Topic(room string) string { return "room." + room }
