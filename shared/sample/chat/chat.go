// Package chat is a sample contract: the events and mutations of a chat. Replace it
// with your own.
package chat

import (
	"strings"
	"time"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
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

// CheckRoom returns why there can be no room of a name, which is one token of a topic.
func CheckRoom(room string) error {
	if len(room) > MaxRoom || strings.Contains(room, ".") || event.CheckTopic(room) != nil {
		return fault.Field("room", "a room's name is 1 to %d characters of A-Z, a-z, 0-9, _ and -", MaxRoom)
	}
	return nil
}
