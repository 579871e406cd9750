package chat

import (
	"maps"
	"slices"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/state"
)

// MaxMessages is how many messages a room keeps, and Newest how many of them a page
// begins with. Long ones are fewer: a room keeps MaxTexts bytes of them, since a
// checkpoint has at most 8 MiB.
const (
	MaxMessages = 10_000
	MaxTexts    = 4 << 20
	Newest      = 20
)

// A History is the state of a room: its newest messages.
type History struct {
	Order []string        `json:"order"` // the messages' IDs, the oldest first
	Lines map[string]Line `json:"lines"` // by ID
	Bytes int             `json:"bytes"` // of the texts
	Last  event.ID        `json:"last"`  // the room's newest event; zero if there is none
}

// A Line is a message of a room. A removed one has no text and keeps its place until
// newer ones push it out: see [state.Newest].
type Line struct {
	Message
	Posted  event.ID `json:"posted"`           // the event that posted it
	Removed event.ID `json:"removed,omitzero"` // the event that removed it
}

// Histories are the states of all rooms, under the rooms' names.
var Histories = state.Define("room", state.Newest(Newest, (*History).items, (*History).count))

// Clone returns a copy that shares no memory with h.
func (h History) Clone() History {
	h.Order, h.Lines = slices.Clone(h.Order), maps.Clone(h.Lines)
	return h
}

// Messages yields the lines that were not removed, the oldest first.
func (h History) Messages(yield func(Line) bool) {
	for _, id := range h.Order {
		if line := h.Lines[id]; line.Removed.IsZero() && !yield(line) {
			return
		}
	}
}

// items is where h has its messages.
func (h *History) items() (order *[]string, lines *map[string]Line) { return &h.Order, &h.Lines }

// count counts the bytes of the texts.
func (h *History) count() {
	h.Bytes = 0
	for _, line := range h.Lines {
		h.Bytes += len(line.Text)
	}
}

// post adds a message. One that is there already stays as it is, and a removed one
// removed: it was posted again by a call that came after the log had forgotten its key.
func (h *History) post(e event.Of[Message]) {
	h.Last = e.ID
	if _, known := h.Lines[e.Value.ID]; known {
		return
	}
	h.Lines[e.Value.ID] = Line{Message: e.Value, Posted: e.ID}
	h.Order = append(h.Order, e.Value.ID)
	h.Bytes += len(e.Value.Text)
	h.trim()
}

// trim drops the oldest messages of a room that has too many.
func (h *History) trim() {
	for len(h.Order) > MaxMessages || h.Bytes > MaxTexts {
		h.Bytes -= len(h.Lines[h.Order[0]].Text)
		delete(h.Lines, h.Order[0])
		h.Order = h.Order[1:]
	}
}

// edit changes the text of a message that is still there.
func (h *History) edit(e event.Of[Message]) {
	h.Last = e.ID
	if line, ok := h.Lines[e.Value.ID]; ok && line.Removed.IsZero() {
		h.Bytes += len(e.Value.Text) - len(line.Text)
		line.Message = e.Value
		h.Lines[e.Value.ID] = line
		h.trim()
	}
}

// remove removes the text of a message and the name of its author.
func (h *History) remove(e event.Of[Removal]) {
	h.Last = e.ID
	if line, ok := h.Lines[e.Value.ID]; ok && line.Removed.IsZero() {
		h.Bytes -= len(line.Text)
		line.Text, line.Author, line.Removed = "", "", e.ID
		h.Lines[e.Value.ID] = line
	}
}
