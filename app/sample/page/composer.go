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

// nearMax is from how many characters on the composer says how many are left.
const nearMax = chat.MaxText - 200

// composer writes messages, under the reader's name, which is picked here too.
type composer struct {
	app.Compo
	Tab  *tab
	Room string

	text    string // as it was typed
	failure string
	left    string // how many characters may follow, if that is worth saying
}

// OnMount puts the reader's name and what they had begun into the fields.
func (c *composer) OnMount(app.Context) {
	if name := field(authorID); name.text() == "" {
		name.set(c.Tab.me.Name)
	}
	if text := field(textID); text.text() == "" {
		c.text = c.Tab.drafts[c.Room]
		text.set(c.text)
	}
	delete(c.Tab.drafts, c.Room)
}

// OnDismount keeps what was begun. The field itself is gone by now.
func (c *composer) OnDismount() {
	if c.text != "" {
		c.Tab.drafts[c.Room] = c.text
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
			Attr("maxlength", guest.MaxName).Attr("autocomplete", "nickname").
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
			app.If(c.left != "", func() app.UI {
				return el("span").Class("left").ID("left").Text(c.left)
			}),
		),
	)
}

// typed keeps what is written, and redraws only if there is something to say.
func (c *composer) typed(ctx app.Context, _ app.Event) {
	c.text = field(textID).element().Get("value").String()
	left := ""
	if n := utf8.RuneCountInString(c.text); n >= nearMax {
		left = strconv.Itoa(chat.MaxText-n) + " characters left"
	}
	if left == c.left {
		ctx.PreventUpdate()
	}
	c.left = left
}

func (c *composer) pressed(ctx app.Context, e app.Event) {
	if isSend(e) {
		c.submit(ctx, e)
		return
	}
	ctx.PreventUpdate()
}

// rename keeps the name that was picked.
func (c *composer) rename(ctx app.Context, _ app.Event) {
	name := field(authorID).text()
	if name == "" || name == c.Tab.me.Name || c.Tab.me.ID == "" {
		return
	}
	c.failure = ""
	c.Tab.rename(ctx, name, func(reason string) { c.failure = reason })
}

// submit posts the message, which then stands in the list until the server has
// it: nothing that was typed is lost.
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
	case c.Tab.nobody():
		c.failure = noCookie
		return
	case c.Tab.me.ID == "":
		c.failure = "The server has not said yet who you are. Try again in a moment."
		return
	}
	c.text, c.failure, c.left = "", "", ""
	c.Tab.post(c.Room, name, text)
	field(textID).set("")
}
