// Package chat is a sample contract: the events and commands of a chat. Replace it
// with your own.
package chat

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"time"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/state"
)

// A Message is one line of a room: of which one, its event's topic says; see [RoomOf].
type Message struct {
	ID     string    `json:"id"`
	Author string    `json:"author"`
	Text   string    `json:"text"`
	At     time.Time `json:"at"`
	By     string    `json:"by,omitempty"`     // the guest's ID; empty for a program without a cookie
	Edited bool      `json:"edited,omitempty"` // the text is not the first one
}

// The events of a room's topic, and what they do to its [History].
var (
	// Posted: a message was written.
	Posted = state.On(Histories, "chat.posted", (*History).post)
	// Edited: a message has another text. The event has the whole message, with its
	// first time.
	Edited = state.On(Histories, "chat.edited", (*History).edit)
	// Removed: its author has removed a message.
	Removed = state.On(Histories, "chat.removed", (*History).remove)
)

// A Removal names the removed message.
type Removal struct {
	ID string `json:"id"`
}

// A PostRequest asks to post a message.
type PostRequest struct {
	Room   string `json:"room"`
	Author string `json:"author"`
	Text   string `json:"text"`
}

// A PostReply confirms that the message is durable.
type PostReply struct {
	ID event.ID `json:"id"` // of the event
}

// Post posts a message to a room. The message's ID is [MessageID] of the caller,
// the call's idempotency key and the request, so that a page recognises its own
// messages when their events arrive. A guest who has a name may leave the Author
// empty. The message of a program without a cookie gets an ID from the server.
var Post = command.Define[PostRequest, PostReply]("chat.post")

// MessageID returns the ID of a guest's message that was posted under a key. The
// guest is part of it, so a guest cannot overwrite another guest's message. The
// request is, too: when the server has forgotten a key, another request under it
// is another message, and does not replace the first.
func MessageID(by, key string, r PostRequest) string {
	return by + "-" + key + "-" + r.digest()
}

// digest is FNV-1a, as an event's tag is: it guards against accidents, and a
// caller who searches for a collision finds only the caller's own messages.
func (r PostRequest) digest() string {
	h := fnv.New64a()
	for _, part := range []string{r.Room, r.Author, r.Text} {
		fmt.Fprintf(h, "%d %s", len(part), part)
	}
	return strconv.FormatUint(h.Sum64(), 36)
}

// An EditRequest asks to change the text of a message.
type EditRequest struct {
	Room string `json:"room"`
	ID   string `json:"id"`
	Text string `json:"text"`
}

// A RemoveRequest asks to remove a message.
type RemoveRequest struct {
	Room string `json:"room"`
	ID   string `json:"id"`
}

// A ChangeReply confirms that the change is durable.
type ChangeReply struct {
	ID event.ID `json:"id"` // of the event
}

// Commands for the author of a message. Other callers are refused as forbidden,
// and a message that was removed, or is too old to be found, is not found. To
// remove one again is answered as the first time.
var (
	Edit   = command.Define[EditRequest, ChangeReply]("chat.edit")
	Remove = command.Define[RemoveRequest, ChangeReply]("chat.remove")
)

// A Room is a place to post messages.
type Room struct {
	Name  string // one token of a topic
	About string
}

// Rooms are the rooms that the pages show, the first one by default. Programs may
// post to others.
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
func Topic(room string) string { return Histories.Topic(room) }

// RoomOf returns the room whose topic it is; empty for any other topic.
func RoomOf(topic string) string {
	room, _ := Histories.Key(topic)
	return room
}
