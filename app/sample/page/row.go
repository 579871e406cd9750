package page

import (
	"cmp"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/attr"
	"github.com/seawaykit/seaway/app/livelist"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

// A messageRow draws messages. Two that are equal draw the same.
type messageRow struct {
	Page *messages
	Me   string // the reader's own id
	Hand hand
}

// Draw draws one message. Its texts are people's: go-app writes them as text
// nodes, and attr makes them safe as attributes.
func (r messageRow) Draw(e event.Of[chat.Message], now livelist.Moment) app.UI {
	m := e.Value
	own := m.By != "" && m.By == r.Me
	class := "message"
	if own {
		class = "message own"
	}
	return el("article").Class(class).DataSet("id", attr.Value(m.ID)).Body(
		avatar(m.By, m.Author),
		el("div").Class("head").Body(
			el("span").Class("author").Title(attr.Value(m.Author)).Body(livelist.Text(m.Author)),
			livelist.Time(m.At, now),
			app.If(m.Edited, func() app.UI { return el("span").Class("edited").Text("edited") }),
		),
		app.If(own && !e.ID.IsZero() && r.Hand.editing != m.ID, func() app.UI { return r.tools(m.ID) }),
		app.If(r.Hand.editing == m.ID, func() app.UI { return r.form(m) }).
			Else(func() app.UI { return el("p").Class("text").Dir("auto").Body(livelist.Text(m.Text)) }),
	)
}

// Time and Say tell the list what it tells the reader.
func (r messageRow) Time(e event.Of[chat.Message]) time.Time { return e.Value.At }
func (r messageRow) Say(e event.Of[chat.Message]) string {
	return "from " + e.Value.Author + ": " + e.Value.Text
}

// Send sends a message again that had failed.
func (r messageRow) Send(_ app.Context, e event.Of[chat.Message]) { r.Page.Tab.send(e.Value) }

// tools are for one's own messages. A handler is found again by its scope, since
// go-app compares functions by their code.
func (r messageRow) tools(id string) app.UI {
	scope := app.EventScope(id)
	if r.Hand.removing == id {
		return el("div").Class("tools", "asking").Body(
			el("span").Text(cmp.Or(r.Hand.failure, "Delete it?")),
			el("button").ID("remove-"+id).Attr("type", "button").Class("bad").Text("Delete").
				OnClick(func(app.Context, app.Event) { r.Page.confirmRemoval(id) }, scope),
			el("button").Attr("type", "button").Class("quiet").Text("Keep").
				OnClick(func(app.Context, app.Event) { r.Page.leave() }, scope),
		)
	}
	return el("div").Class("tools").Body(
		el("button").ID("edit-"+id).Attr("type", "button").Class("quiet").Text("Edit").
			OnClick(func(app.Context, app.Event) { r.Page.edit(id) }, scope),
		el("button").Attr("type", "button").Class("quiet").Text("Delete").
			OnClick(func(app.Context, app.Event) { r.Page.take(id) }, scope),
	)
}

// form stands in the place of the text while it is edited.
func (r messageRow) form(m chat.Message) app.UI {
	scope := app.EventScope(m.ID)
	return el("form").Class("edit").
		OnSubmit(func(_ app.Context, e app.Event) {
			e.PreventDefault()
			r.Page.save(m.ID)
		}, scope).
		Body(
			el("textarea").ID(editID).Aria("label", "Edit the message").Attr("maxlength", chat.MaxText).
				Attr("rows", 1).Dir("auto").Body(livelist.Text(m.Text)).
				OnKeyDown(func(_ app.Context, e app.Event) {
					switch {
					case e.Get("key").String() == "Escape":
						r.Page.leave()
					case isSend(e):
						e.PreventDefault()
						r.Page.save(m.ID)
					}
				}, scope),
			el("div").Class("choice").Body(
				el("button").Attr("type", "submit").Class("strong").Text("Save"),
				el("button").Attr("type", "button").Class("quiet").Text("Cancel").
					OnClick(func(app.Context, app.Event) { r.Page.leave() }, scope),
				app.If(r.Hand.failure != "", func() app.UI {
					return el("span").Class("failure").Role("alert").Text(r.Hand.failure)
				}),
			),
		)
}
