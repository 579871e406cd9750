package page

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/livelist"
	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
)

// messages shows a room: the rooms at its left, who is here at its right.
type messages struct {
	app.Compo
	Tab     *tab
	Room    string
	Version uint64 // of the room's list
	Unread  [maxRooms]int
	Phase   source.Phase
	Here    guest.Presence
	Me      guest.Guest

	ctx  app.Context // of the component: that of a button ends with the button
	hand hand
}

// A hand is what the reader is about to do to a message of their own.
type hand struct {
	editing  string // the message's ID
	removing string
	busy     bool   // the server has been asked
	failure  string // what it said
}

// CompoID has go-app draw another room from the beginning: its list is scrolled
// to its own end, and what was about to be done is of the old one.
func (m *messages) CompoID() string { return m.Room }

// OnMount keeps the context.
func (m *messages) OnMount(ctx app.Context) { m.ctx = ctx }

// OnDismount leaves the room: what comes from now on is unread.
func (m *messages) OnDismount() { m.Tab.rooms[m.Room].Attend(false) }

// Render draws the room.
func (m *messages) Render() app.UI {
	return el("div").Class("messaging").Body(
		&rooms{Room: m.Room, Unread: m.Unread},
		el("div").Class("room").Body(
			el("header").Class("title").Body(
				el("h1").Body(
					el("span").Class("hash").Aria("hidden", truth(true)).Text("#"),
					el("span").Text(m.Room),
				),
				el("p").Text(about(m.Room)),
			),
			livelist.Show(m.Tab.rooms[m.Room], m.row(), livelist.Frame{
				ID: "messages", Label: "Messages in " + m.Room,
				Status: listStatus(m.Phase),
				Empty:  "Nobody has written anything yet.",
				One:    "message", Many: "messages",
				Title: titleOf(pathOf(m.Room)) + " · Seaway",
			}),
			&composer{Tab: m.Tab, Room: m.Room},
		),
		&here{Here: m.Here, Me: m.Me.ID},
	)
}

// row is how a message looks now. One that is being sent has the ID that the
// reader's own have, too.
func (m *messages) row() messageRow {
	return messageRow{Page: m, Me: m.Me.ID, Hand: m.hand}
}

// listStatus is what the phase of the stream means for what is shown.
func listStatus(p source.Phase) livelist.Status {
	switch p {
	case source.Live, source.Connecting, source.Idle:
		return livelist.Ready
	}
	return livelist.Stale
}

// editID is the id of the field in which a message is edited.
const editID = "edit-text"

// edit opens a message for editing. take asks before it takes one back.
func (m *messages) edit(id string) {
	m.hand = hand{editing: id}
	m.ctx.Defer(func(app.Context) { focusEnd(editID) })
}

func (m *messages) take(id string) {
	m.hand = hand{removing: id}
	m.ctx.Defer(func(app.Context) { focusOn("remove-" + id) })
}

// leave gives up, and brings the keyboard back to where it was.
func (m *messages) leave() {
	id := m.hand.editing + m.hand.removing
	m.hand = hand{}
	m.ctx.Defer(func(app.Context) { focusOn("edit-" + id) })
}

// save sends the new text. A text that is as it was, or empty, is none.
func (m *messages) save(id string) {
	text := strings.TrimSpace(field(editID).text())
	old, ok := m.Tab.rooms[m.Room].Get(id)
	if m.hand.busy {
		return
	}
	if !ok || text == "" || text == old.Value.Text {
		m.leave()
		return
	}
	m.hand.busy, m.hand.failure = true, ""
	change(m.ctx, chat.Edit, chat.EditRequest{Room: m.Room, ID: id, Text: text}, func(err error) { m.done(id, err) })
}

func (m *messages) confirmRemoval(id string) {
	if m.hand.busy {
		return
	}
	m.hand.busy, m.hand.failure = true, ""
	change(m.ctx, chat.Remove, chat.RemoveRequest{Room: m.Room, ID: id}, func(err error) { m.done(id, err) })
}

// done takes the outcome, unless the reader is at another message by now.
func (m *messages) done(id string, err error) {
	if m.hand.editing != id && m.hand.removing != id {
		return
	}
	if err == nil {
		m.hand = hand{}
		return
	}
	m.hand.busy, m.hand.failure = false, because(err)
}
