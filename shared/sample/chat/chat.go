// Package chat is a sample contract: what the pages and the server of a chat
// say to each other. Replace it with your own.
package chat

import (
	"fmt"
	"hash/fnv"
	"strconv"
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
	Room   string    `json:"room,omitempty"`   // frames do not name their topic
	By     string    `json:"by,omitempty"`     // the guest's ID; empty for a program without a cookie
	Edited bool      `json:"edited,omitempty"` // the text is not the first one
}

// What a room's topic tells.
var (
	// Posted: a message was written.
	Posted = event.Define[Message]("chat.posted")
	// Edited: it has another text. The message is told whole, with its first time.
	Edited = event.Define[Message]("chat.edited")
	// Removed: its author has taken it back.
	Removed = event.Define[Removal]("chat.removed")
)

// A Removal names the message that is no more.
type Removal struct {
	ID   string `json:"id"`
	Room string `json:"room,omitempty"`
}

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

// Post writes a message into a room. The message's ID is [MessageID] of the
// caller, the call's idempotency key and the request, so that a page knows its own
// messages when they come back. A guest who has a name may leave the Author empty. The
// message of a program without a cookie has an ID of the server's making.
var Post = command.Define[PostRequest, PostReply]("chat.post")

// MessageID returns the ID of a guest's message that was posted under a key. The
// guest is part of it: nobody can write over somebody else's message. The request
// is, too: when the server has forgotten a key, another request under it is
// another message, and does not take the place of the first.
func MessageID(by, key string, r PostRequest) string {
	return by + "-" + key + "-" + r.digest()
}

// digest is FNV-1a, as an event's tag is: it guards against accidents, and a
// caller who looks for another text of the same one finds only the caller's own.
func (r PostRequest) digest() string {
	h := fnv.New64a()
	for _, part := range []string{r.Room, r.Author, r.Text} {
		fmt.Fprintf(h, "%d %s", len(part), part)
	}
	return strconv.FormatUint(h.Sum64(), 36)
}

// An EditRequest asks to give a message another text.
type EditRequest struct {
	Room string `json:"room"`
	ID   string `json:"id"`
	Text string `json:"text"`
}

// A RemoveRequest asks to take a message back.
type RemoveRequest struct {
	Room string `json:"room"`
	ID   string `json:"id"`
}

// A ChangeReply says that the change is durable.
type ChangeReply struct {
	ID event.ID `json:"id"` // of the event
}

// What only a message's author may do to it. Everybody else is refused as
// forbidden, and a message that is gone, or too old to be found, as not found.
// To remove one again is answered as the first time.
var (
	Edit   = command.Define[EditRequest, ChangeReply]("chat.edit")
	Remove = command.Define[RemoveRequest, ChangeReply]("chat.remove")
)

// A Room is a place to write to.
type Room struct {
	Name  string // one token of a topic
	About string
}

// Rooms are those that the pages show, the front page's first. Programs may
// write to others.
var Rooms = []Room{
	{"lobby", "Where everybody comes in"},
	{"deck", "What goes on outside"},
	{"engine", "How it is built"},
}

// Limits of a message, in characters.
const (
	MaxText   = 4000
	MaxAuthor = 64
	MaxRoom   = 64
)

// Topic returns the topic of a room's events.
func Topic(room string) string { return "room." + room }
