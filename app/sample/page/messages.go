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
	Presence present
	Me       guest.Guest

	ctx  app.Context // of the component: a button's context ends with the button
	open string      // the message at which something is open
}

// CompoID makes go-app draw another room from the beginning: its list is scrolled
// to its own end, and edits belong to the old room.
func (m *messages) CompoID() string { return m.Room }

// OnMount keeps the context.
func (m *messages) OnMount(ctx app.Context) { m.ctx = ctx }

// OnDismount leaves the room: messages from now on are unread.
func (m *messages) OnDismount() {
	m.setMode(m.open, reading)
	m.Session.rooms[m.Room].SetAtEnd(false)
}

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
			livelist.Show(m.Session.rooms[m.Room], messageRow{Page: m, Me: m.Me.ID}, livelist.ViewOptions{
				ID: logID, Label: words.Fill(w.Label, m.Room), Words: m.Session.words.List,
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

// listStatus returns the status of the list for a phase of the stream.
func listStatus(p source.Phase) livelist.Status {
	switch p {
	case source.Live, source.Connecting, source.Idle:
		return livelist.Ready
	}
	return livelist.Stale
}

// The ids of the list, and of the field in which a message is edited.
const (
	logID  = "messages"
	editID = "edit-text"
)

// setMode opens something at a message, and closes what is open at another.
func (m *messages) setMode(id string, to mode) {
	if m.open != id {
		m.Session.annotate(m.Room, m.open, func(k *annotation) { k.mode = reading })
	}
	m.open = id
	m.Session.annotate(m.Room, id, func(k *annotation) { k.mode = to })
}

// startEdit opens a message for editing.
func (m *messages) startEdit(id string) {
	m.setMode(id, editing)
	m.ctx.Defer(func(app.Context) { focusEnd(editID) })
}

// askRemoval asks whether to remove a message.
func (m *messages) askRemoval(id string) {
	m.setMode(id, removing)
	m.ctx.Defer(func(app.Context) { focusOn("remove-" + id) })
}

// closeEdit closes what is open at a message, and moves the focus back to its button.
func (m *messages) closeEdit(id string) {
	m.setMode(id, reading)
	m.ctx.Defer(func(app.Context) { focusOn("edit-" + id) })
}

// save changes the text: at once here, and everywhere when the server has it. Without a
// change, or without a text, nothing is changed. The focus goes to the list: a button would
// be pressed by the same key if that is held down.
func (m *messages) save(id string) {
	text := strings.TrimSpace(field(editID).text())
	old, ok := m.Session.rooms[m.Room].Get(id)
	m.setMode(id, reading)
	m.ctx.Defer(func(app.Context) { focusOn(logID) })
	if ok && text != "" && text != old.Text {
		live.Do(m.ctx, m.Session.histories[m.Room], chat.Edit, chat.EditRequest{Room: m.Room, ID: id, Text: text}, nil)
	}
}

func (m *messages) confirmRemoval(id string) {
	m.setMode(id, reading)
	live.Do(m.ctx, m.Session.histories[m.Room], chat.Remove, chat.RemoveRequest{Room: m.Room, ID: id}, nil)
	m.ctx.Defer(func(app.Context) { focusOn(logID) })
}

// again does something with a change that was refused. The button that was pressed goes,
// and the focus with it.
func (m *messages) again(id string, do func(s *session, room, id string)) {
	focusOn(logID)
	do(m.Session, m.Room, id)
}
