// Package inbox is a sample contract: notices for one guest. Replace it with
// your own.
package inbox

import (
	"slices"
	"time"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/state"
)

// A Kind says what a notice is about.
type Kind string

// The kinds.
const (
	Mention Kind = "mention" // a guest wrote @name in a room
	Joined  Kind = "joined"  // a guest has picked a name for the first time
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

// MaxNotices is how many notices an inbox keeps: the newest.
const MaxNotices = 200

// An Inbox is the state of a guest's notices, and up to which the guest has read them.
type Inbox struct {
	Entries []Entry  `json:"entries"` // the oldest first
	UpTo    event.ID `json:"up_to"`   // the newest notice that the guest has seen
}

// An Entry is a notice with the event that it has come by.
type Entry struct {
	Notice
	Event event.ID `json:"event"`
}

// Inboxes are the states of all guests' inboxes, under the guests' IDs. Only that guest
// may see it.
var Inboxes = state.Define[Inbox]("user")

// The events of an inbox.
var (
	// Noticed adds a notice.
	Noticed = state.On(Inboxes, "inbox.noticed", (*Inbox).add)
	// MarkerMoved moves the guest's read marker, never back.
	MarkerMoved = state.On(Inboxes, "inbox.marked", (*Inbox).move)
)

// Topic returns the topic of a guest's inbox.
func Topic(guest string) string { return Inboxes.Topic(guest) }

// IsUnread reports whether the guest has not seen a notice.
func (b Inbox) IsUnread(e Entry) bool { return b.UpTo.IsZero() || e.Event.Seq() > b.UpTo.Seq() }

// add adds a notice, once: it may be sent again after the log has forgotten its key.
func (b *Inbox) add(e event.Of[Notice]) {
	if slices.ContainsFunc(b.Entries, func(old Entry) bool { return old.ID == e.Value.ID }) {
		return
	}
	b.Entries = append(b.Entries, Entry{e.Value, e.ID})
	if n := len(b.Entries); n > MaxNotices {
		b.Entries = slices.Clone(b.Entries[n-MaxNotices:])
	}
}

func (b *Inbox) move(e event.Of[ReadMarker]) {
	if b.UpTo.IsZero() || e.Value.UpTo.Seq() > b.UpTo.Seq() {
		b.UpTo = e.Value.UpTo
	}
}

// A ReadMarker says up to which notice a guest has read.
type ReadMarker struct {
	UpTo event.ID `json:"up_to"` // the newest notice that the guest has seen
}

// A ReadRequest asks to mark everything up to a notice as read.
type ReadRequest struct {
	UpTo event.ID `json:"up_to"`
}

// StateKey implements [state.Keyed]: the inbox is the caller's own.
func (ReadRequest) StateKey() string { return "" }

// A ReadReply confirms that the read marker is durable.
type ReadReply struct{}

// Read moves the caller's read marker forward, never back.
var Read = state.Mutate(Inboxes, "inbox.read", read)

func read(c *state.Call, b Inbox, r ReadRequest) (ReadReply, error) {
	if b.UpTo.IsZero() || r.UpTo.Seq() > b.UpTo.Seq() {
		state.Emit(c, MarkerMoved, ReadMarker(r))
	}
	return ReadReply{}, nil
}
