package page

import (
	"cmp"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
	"github.com/seawaykit/seaway/app/livelist"
	"github.com/seawaykit/seaway/app/sample/words"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

// A messageRow draws messages. Two that are equal draw the same.
type messageRow struct {
	Page      *messages
	Me        string // the user's id
	EditState editState
}

var (
	_ livelist.Dated[chat.Line]     = messageRow{}
	_ livelist.Announcer[chat.Line] = messageRow{}
	_ livelist.Retrier[chat.Line]   = messageRow{}
	_ livelist.Loader               = messageRow{}
)

// Draw draws one message. Its texts are from users: go-app writes them as text
// nodes, and goapp.Attr escapes them for attributes.
func (r messageRow) Draw(m chat.Line, now livelist.Moment) app.UI {
	own := m.By != "" && m.By == r.Me
	class := "message"
	if own {
		class = "message own"
	}
	return el("article").Class(class).DataSet("id", goapp.Attr(m.ID)).Body(
		avatar(m.By, m.Author),
		el("div").Class("head").Body(
			el("span").Class("author").Title(goapp.Attr(m.Author)).Body(livelist.Text(m.Author)),
			livelist.Time(m.At, now),
			app.If(m.Edited, func() app.UI { return el("span").Class("edited").Text(r.words().Edited) }),
		),
		app.If(own && !m.Posted.IsZero() && r.EditState.editing != m.ID, func() app.UI { return r.tools(m.ID) }),
		app.If(r.EditState.editing == m.ID, func() app.UI { return r.form(m) }).
			Else(func() app.UI { return el("p").Class("text").Dir("auto").Body(livelist.Text(m.Text)) }),
	)
}

func (r messageRow) words() *words.Room { return &r.Page.Session.words.Room }

// Time implements [livelist.Dated].
func (r messageRow) Time(m chat.Line) time.Time { return m.At }

// Announcement implements [livelist.Announcer].
func (r messageRow) Announcement(m chat.Line) string {
	return words.Fill(r.words().Announcement, m.Author, m.Text)
}

// Retry implements [livelist.Retrier].
func (r messageRow) Retry(_ app.Context, m chat.Line) { r.Page.Session.send(r.Page.Room, m) }

// LoadOlder implements [livelist.Loader].
func (r messageRow) LoadOlder(app.Context) { r.Page.Session.loadOlder(r.Page.Room) }

// tools draws the buttons for the user's own messages. Their scope identifies the
// handlers, since go-app compares functions by their code.
func (r messageRow) tools(id string) app.UI {
	w, scope := r.words(), app.EventScope(id)
	if r.EditState.removing == id {
		return el("div").Class("tools", "asking").Body(
			el("span").Text(cmp.Or(r.EditState.failure, w.DeleteIt)),
			el("button").ID("remove-"+id).Attr("type", "button").Class("bad").Text(w.Delete).
				OnClick(func(app.Context, app.Event) { r.Page.confirmRemoval(id) }, scope),
			el("button").Attr("type", "button").Class("quiet").Text(w.Keep).
				OnClick(func(app.Context, app.Event) { r.Page.cancelEdit() }, scope),
		)
	}
	return el("div").Class("tools").Body(
		el("button").ID("edit-"+id).Attr("type", "button").Class("quiet").Text(w.Edit).
			OnClick(func(app.Context, app.Event) { r.Page.startEdit(id) }, scope),
		el("button").Attr("type", "button").Class("quiet").Text(w.Delete).
			OnClick(func(app.Context, app.Event) { r.Page.askRemoval(id) }, scope),
	)
}

// form draws the form that replaces the text while it is edited.
func (r messageRow) form(m chat.Line) app.UI {
	w, scope := r.words(), app.EventScope(m.ID)
	return el("form").Class("edit").
		OnSubmit(func(_ app.Context, e app.Event) {
			e.PreventDefault()
			r.Page.save(m.ID)
		}, scope).
		Body(
			el("textarea").ID(editID).Aria("label", goapp.Attr(w.EditLabel)).Attr("maxlength", chat.MaxText).
				Attr("rows", 1).Dir("auto").Body(livelist.Text(m.Text)).
				OnKeyDown(func(_ app.Context, e app.Event) {
					switch {
					case e.Get("key").String() == "Escape":
						r.Page.cancelEdit()
					case isSend(e):
						e.PreventDefault()
						r.Page.save(m.ID)
					}
				}, scope),
			el("div").Class("choice").Body(
				el("button").Attr("type", "submit").Class("strong").Text(w.Save),
				el("button").Attr("type", "button").Class("quiet").Text(w.Cancel).
					OnClick(func(app.Context, app.Event) { r.Page.cancelEdit() }, scope),
				app.If(r.EditState.failure != "", func() app.UI {
					return el("span").Class("failure").Role("alert").Text(r.EditState.failure)
				}),
			),
		)
}
