package page

import (
	"strconv"
	"unicode/utf8"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
)

// The ids of the composer's fields.
const (
	authorID = "author"
	textID   = "text"
)

// warnFrom is the length from which the composer shows how many characters are
// left.
const warnFrom = chat.MaxText - 200

// composer is the form for messages, with a field for the user's name.
type composer struct {
	app.Compo
	Session *session
	Room    string

	text      string // as typed
	failure   string
	charsLeft string // how many characters may follow; empty far from the limit
}

// OnMount fills the fields with the user's name and unsent text.
func (c *composer) OnMount(app.Context) {
	if name := field(authorID); name.text() == "" {
		name.set(c.Session.me.Name)
	}
	if text := field(textID); text.text() == "" {
		c.text = c.Session.drafts[c.Room]
		text.set(c.text)
	}
	delete(c.Session.drafts, c.Room)
}

// OnDismount keeps the unsent text. The field itself is gone by now.
func (c *composer) OnDismount() {
	if c.text != "" {
		c.Session.drafts[c.Room] = c.text
	}
}

// CompoID gives each room a composer of its own.
func (c *composer) CompoID() string { return c.Room }

// Render draws the form.
func (c *composer) Render() app.UI {
	return el("form").Class("composer").OnSubmit(c.submit).Body(
		el("label").Class("as").Attr("for", authorID).Text("as"),
		el("input").ID(authorID).Attr("name", authorID).Class("name").Attr("type", "text").
			Attr("placeholder", "Your name").Aria("label", "Your name").
			Attr("maxlength", guest.MaxName).Attr("autocomplete", "nickname").DataSet("kept", "yes").
			OnChange(c.rename),
		el("textarea").ID(textID).Attr("name", textID).Class("words").Attr("rows", 1).
			Attr("placeholder", "Write to #"+c.Room).Aria("label", "Message").Dir("auto").
			Attr("maxlength", chat.MaxText).Attr("autocomplete", "off").
			Attr("enterkeyhint", "send").
			OnInput(c.typed).OnKeyDown(c.pressed),
		el("button").ID("send").Attr("type", "submit").Class("strong").Text("Send"),
		el("p").Class("note").Body(
			app.If(c.failure != "", func() app.UI {
				return el("span").Class("failure").ID("failure").Role("alert").Text(c.failure)
			}),
			app.If(c.charsLeft != "", func() app.UI {
				return el("span").Class("left").ID("left").Text(c.charsLeft)
			}),
		),
	)
}

// typed keeps the text, and redraws only if the note below the field changes.
func (c *composer) typed(ctx app.Context, _ app.Event) {
	c.text = field(textID).element().Get("value").String()
	left := ""
	if n := utf8.RuneCountInString(c.text); n >= warnFrom {
		left = strconv.Itoa(chat.MaxText-n) + " characters left"
	}
	if left == c.charsLeft {
		ctx.PreventUpdate()
	}
	c.charsLeft = left
}

func (c *composer) pressed(ctx app.Context, e app.Event) {
	if isSend(e) {
		c.submit(ctx, e)
		return
	}
	ctx.PreventUpdate()
}

// rename sends the name that the user has picked.
func (c *composer) rename(ctx app.Context, _ app.Event) {
	name := field(authorID).text()
	if name == "" || name == c.Session.me.Name || c.Session.me.ID == "" {
		return
	}
	c.failure = ""
	c.Session.rename(ctx, name, func(reason string) { c.failure = reason })
}

// submit posts the message, which the list shows as pending until the server has
// it: no text is lost.
func (c *composer) submit(_ app.Context, e app.Event) {
	e.PreventDefault()
	name, text := field(authorID).text(), field(textID).text()
	switch {
	case text == "":
		return
	case name == "":
		c.failure = "the author has no name"
		focusOn(authorID)
		return
	case c.Session.page.IsAnonymous():
		c.failure = noCookie
		return
	case c.Session.me.ID == "":
		c.failure = "The server has not said yet who you are. Try again in a moment."
		return
	}
	c.text, c.failure, c.charsLeft = "", "", ""
	c.Session.post(c.Room, name, text)
	field(textID).set("")
}
