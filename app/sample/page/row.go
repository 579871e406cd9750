package page

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
	"github.com/seawaykit/seaway/app/livelist"
	"github.com/seawaykit/seaway/app/sample/words"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

// A messageRow draws messages. Two that are equal draw the same.
type messageRow struct {
	Page *messages
	Me   string // the user's id
}

var (
	_ livelist.Dated[listed]     = messageRow{}
	_ livelist.Announcer[listed] = messageRow{}
	_ livelist.Retrier[listed]   = messageRow{}
	_ livelist.Loader            = messageRow{}
)

// Draw draws one message. Its texts are from users: go-app writes them as text
// nodes, and goapp.Attr escapes them for attributes.
func (r messageRow) Draw(m listed, now livelist.Moment) app.UI {
	own := m.By != "" && m.By == r.Me
	class := "message"
	if own {
		class += " own"
	}
	if m.pending {
		class += " changing"
	}
	return el("article").Class(class).DataSet("id", goapp.Attr(m.ID)).Body(
		avatar(m.By, m.Author),
		el("div").Class("head").Body(
			el("span").Class("author").Title(goapp.Attr(m.Author)).Body(livelist.Text(m.Author)),
			livelist.Time(m.At, now),
			app.If(m.Edited, func() app.UI { return el("span").Class("edited").Text(r.words().Edited) }),
		),
		app.If(own && !m.Posted.IsZero() && m.mode != editing, func() app.UI { return r.tools(m) }),
		app.If(m.mode == editing, func() app.UI { return r.form(m) }).
			Else(func() app.UI { return el("p").Class("text").Dir("auto").Body(livelist.Text(m.Text)) }),
		app.If(m.failure != "", func() app.UI { return r.failure(m) }),
	)
}

func (r messageRow) words() *words.Room { return &r.Page.Session.words.Room }

// Time implements [livelist.Dated].
func (r messageRow) Time(m listed) time.Time { return m.At }

// Announcement implements [livelist.Announcer].
func (r messageRow) Announcement(m listed) string {
	return words.Fill(r.words().Announcement, m.Author, m.Text)
}

// Retry implements [livelist.Retrier].
func (r messageRow) Retry(_ app.Context, m listed) { r.Page.Session.retry(r.Page.Room, m.ID) }

// Discard implements [livelist.Retrier].
func (r messageRow) Discard(_ app.Context, m listed) { r.Page.Session.discard(r.Page.Room, m.ID) }

// LoadOlder implements [livelist.Loader].
func (r messageRow) LoadOlder(app.Context) { r.Page.Session.loadOlder(r.Page.Room) }

// tools draws the buttons for the user's own messages. Their scope identifies the
// handlers, since go-app compares functions by their code.
func (r messageRow) tools(m listed) app.UI {
	w, id, scope := r.words(), m.ID, app.EventScope(m.ID)
	if m.mode == removing {
		return el("div").Class("tools", "asking").Body(
			el("span").Text(w.DeleteIt),
			el("button").ID(goapp.Attr("remove-"+id)).Attr("type", "button").Class("bad").Text(w.Delete).
				OnClick(func(app.Context, app.Event) { r.Page.confirmRemoval(id) }, scope),
			button(w.Keep, scope, func() { r.Page.closeEdit(id) }),
		)
	}
	return el("div").Class("tools").Body(
		button(w.Edit, scope, func() { r.Page.startEdit(id) }).ID(goapp.Attr("edit-"+id)),
		button(w.Delete, scope, func() { r.Page.askRemoval(id) }),
	)
}

// form draws the form that replaces the text while it is edited.
func (r messageRow) form(m listed) app.UI {
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
						r.Page.closeEdit(m.ID)
					case isSend(e):
						e.PreventDefault()
						r.Page.save(m.ID)
					}
				}, scope),
			el("div").Class("choice").Body(
				el("button").Attr("type", "submit").Class("strong").Text(w.Save),
				button(w.Cancel, scope, func() { r.Page.closeEdit(m.ID) }),
			),
		)
}

// failure draws why a change of a message was refused.
func (r messageRow) failure(m listed) app.UI {
	w, scope := r.Page.Session.words.List, app.EventScope(m.ID)
	return el("p").Class("refused").Body(
		el("span").Class("failure").Role("alert").Text(m.failure),
		button(w.Retry, scope, func() { r.Page.again(m.ID, (*session).retry) }),
		button(w.Discard, scope, func() { r.Page.again(m.ID, (*session).discard) }),
	)
}
