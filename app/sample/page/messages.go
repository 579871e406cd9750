package page

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/live"
	"github.com/seawaykit/seaway/app/livelist"
	"github.com/seawaykit/seaway/app/sample/words"
	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
)

// messages shows a room, with the list of rooms at its left and the guests present
// at its right.
type messages struct {
	app.Compo
	Session  *session
	Room     string
	Version  uint64         // of the room's list
	Older    livelist.Older // than the room's list
	Unread   [maxRooms]int
	Phase    source.Phase
	Presence guest.Presence
	Me       guest.Guest

	ctx       app.Context // of the component: a button's context ends with the button
	editState editState
}

// An editState is the message that the user is editing or about to remove.
type editState struct {
	editing  string // a message's ID
	removing string
	busy     bool   // the request is on its way
	failure  string // why the server has refused
}

// CompoID makes go-app draw another room from the beginning: its list is scrolled
// to its own end, and edits belong to the old room.
func (m *messages) CompoID() string { return m.Room }

// OnMount keeps the context.
func (m *messages) OnMount(ctx app.Context) { m.ctx = ctx }

// OnDismount leaves the room: messages from now on are unread.
func (m *messages) OnDismount() { m.Session.rooms[m.Room].SetAtEnd(false) }

// Render draws the room.
func (m *messages) Render() app.UI {
	w := &m.Session.words.Room
	return el("div").Class("messaging").Body(
		&rooms{Words: m.Session.words, Room: m.Room, Unread: m.Unread},
		el("div").Class("room").Body(
			el("header").Class("title").Body(
				el("h1").Body(
					el("span").Class("hash").Aria("hidden", ariaBool(true)).Text("#"),
					el("span").Text(m.Room),
				),
				el("p").Text(about(m.Room, m.Session.words)),
			),
			livelist.Show(m.Session.rooms[m.Room], m.row(), livelist.ViewOptions{
				ID: "messages", Label: words.Fill(w.Label, m.Room), Words: m.Session.words.List,
				Status:    listStatus(m.Phase),
				EmptyText: w.Empty,
				One:       w.Message, Many: w.Messages, Older: m.Older,
				Title: titleOf(pathOf(m.Room), m.Session.words) + " · Seaway",
			}),
			&composer{Session: m.Session, Room: m.Room},
		),
		&presenceList{Words: m.Session.words, Presence: m.Presence, Me: m.Me.ID},
	)
}

// row returns how messages are drawn now. Pending messages have the user's ID as
// author, as the user's others do.
func (m *messages) row() messageRow {
	return messageRow{Page: m, Me: m.Me.ID, EditState: m.editState}
}

// listStatus returns the status of the list for a phase of the stream.
func listStatus(p source.Phase) livelist.Status {
	switch p {
	case source.Live, source.Connecting, source.Idle:
		return livelist.Ready
	}
	return livelist.Stale
}

// editID is the id of the field in which a message is edited.
const editID = "edit-text"

// startEdit opens a message for editing.
func (m *messages) startEdit(id string) {
	m.editState = editState{editing: id}
	m.ctx.Defer(func(app.Context) { focusEnd(editID) })
}

// askRemoval asks whether to remove a message.
func (m *messages) askRemoval(id string) {
	m.editState = editState{removing: id}
	m.ctx.Defer(func(app.Context) { focusOn("remove-" + id) })
}

// cancelEdit leaves the message as it is, and moves the focus back to its button.
func (m *messages) cancelEdit() {
	id := m.editState.editing + m.editState.removing
	m.editState = editState{}
	m.ctx.Defer(func(app.Context) { focusOn("edit-" + id) })
}

// save sends the new text. Without a change, or without a text, it cancels.
func (m *messages) save(id string) {
	text := strings.TrimSpace(field(editID).text())
	old, ok := m.Session.rooms[m.Room].Get(id)
	if m.editState.busy {
		return
	}
	if !ok || text == "" || text == old.Text {
		m.cancelEdit()
		return
	}
	m.editState.busy, m.editState.failure = true, ""
	live.Call(m.ctx, chat.Edit, chat.EditRequest{Room: m.Room, ID: id, Text: text}, func(_ chat.ChangeReply, err error) { m.changeDone(id, err) })
}

func (m *messages) confirmRemoval(id string) {
	if m.editState.busy {
		return
	}
	m.editState.busy, m.editState.failure = true, ""
	live.Call(m.ctx, chat.Remove, chat.RemoveRequest{Room: m.Room, ID: id}, func(_ chat.ChangeReply, err error) { m.changeDone(id, err) })
}

// changeDone handles the server's reply, unless the user is at another message by
// now. The change itself comes by the stream, earlier or later.
func (m *messages) changeDone(id string, err error) {
	if m.editState.editing != id && m.editState.removing != id {
		return
	}
	if err == nil {
		m.editState = editState{}
		return
	}
	m.editState.busy, m.editState.failure = false, m.Session.words.Language.Words.Message(err)
}
