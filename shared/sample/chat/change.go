package chat

import (
	"cmp"

	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/state"
)

// Mutations for the author of a message. Other callers are refused as forbidden,
// and a message that was removed, or is too old to be found, is not found. To
// remove one again is answered as the first time.
var (
	Edit   = state.Mutate(Histories, "chat.edit", edit)
	Remove = state.Mutate(Histories, "chat.remove", remove)
)

// An EditRequest asks to change the text of a message.
type EditRequest struct {
	Room string `json:"room"`
	ID   string `json:"id"`
	Text string `json:"text"`
}

// StateKey implements [state.Keyed].
func (r EditRequest) StateKey() string { return r.Room }

// Check implements [state.Checked].
func (r EditRequest) Check() error { return cmp.Or(CheckRoom(r.Room), checkText(r.Text)) }

// A RemoveRequest asks to remove a message.
type RemoveRequest struct {
	Room string `json:"room"`
	ID   string `json:"id"`
}

// StateKey implements [state.Keyed].
func (r RemoveRequest) StateKey() string { return r.Room }

// Check implements [state.Checked].
func (r RemoveRequest) Check() error { return CheckRoom(r.Room) }

// A ChangeReply has the id of the event when the change is durable.
type ChangeReply struct{ state.Stored }

var (
	errNoMessage = fault.New(fault.NotFound, "there is no such message, or not any more")
	errNotAuthor = fault.New(fault.Forbidden, "a message can be changed by its author only")
)

func edit(c *state.Call, h History, r EditRequest) (ChangeReply, error) {
	line, err := h.own(c, r.ID)
	switch {
	case err != nil:
		return ChangeReply{}, err
	case !line.Removed.IsZero():
		return ChangeReply{}, errNoMessage
	}
	line.Text, line.Edited = r.Text, true
	state.Emit(c, Edited, line.Message)
	return ChangeReply{}, nil
}

func remove(c *state.Call, h History, r RemoveRequest) (ChangeReply, error) {
	line, err := h.own(c, r.ID)
	if err == nil && line.Removed.IsZero() {
		state.Emit(c, Removed, Removal{ID: r.ID})
	}
	return ChangeReply{state.Stored{ID: line.Removed}}, err
}

// own returns a message of the caller's, which may be removed.
func (h History) own(c *state.Call, id string) (Line, error) {
	line, known := h.Lines[id]
	switch {
	case c.Identity == "":
		return Line{}, guest.ErrNoGuest
	case !known:
		return Line{}, errNoMessage
	case line.By != c.Identity:
		return Line{}, errNotAuthor
	}
	return line, nil
}
