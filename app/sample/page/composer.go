package page

import (
	"unicode/utf8"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
	"github.com/seawaykit/seaway/app/live"
	"github.com/seawaykit/seaway/app/sample/words"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
)

// The ids of the composer's fields, and of its key.
const (
	authorID   = "author"
	textID     = "text"
	composerID = "composer"
)

// warnFrom is the length from which the composer shows how many characters are
// left.
const warnFrom = chat.MaxText - 200

// composer is the form for messages, with a field for the user's name. The browser posts
// it where the page's program does not run, and keeps its text.
type composer struct {
	app.Compo
	Session *session
	Room    string

	failure   string
	charsLeft string // how many characters may follow; empty far from the limit
}

// OnMount fills the fields with the user's name and unsent text.
func (c *composer) OnMount(app.Context) {
	if name := field(authorID); name.text() == "" {
		name.set(c.Session.me.Name)
	}
	if text := field(textID); text.text() == "" {
		text.set(live.Draft(draftOf(c.Room)))
	}
}

// draftOf is the name of a room's draft.
func draftOf(room string) string { return "room/" + room }

// CompoID gives each room a composer of its own.
func (c *composer) CompoID() string { return c.Room }

// Render draws the form.
func (c *composer) Render() app.UI {
	w := &c.Session.words.Room
	return el("form").Class("composer").Attr("method", "post").Attr("action", goapp.Attr(pathOf(c.Room))).OnSubmit(c.submit).Body(
		c.Session.page.Key(composerID),
		el("label").Class("as").Attr("for", authorID).Text(w.As),
		el("input").ID(authorID).Attr("name", authorID).Class("name").Attr("type", "text").
			Attr("placeholder", goapp.Attr(w.YourName)).Aria("label", goapp.Attr(w.YourName)).
			Attr("maxlength", guest.MaxName).Attr("autocomplete", "nickname").DataSet("kept", "yes").
			OnChange(c.rename),
		el("textarea").ID(textID).Attr("name", textID).Class("words").Attr("rows", 1).
			Attr("placeholder", goapp.Attr(words.Fill(w.Write, c.Room))).Aria("label", goapp.Attr(w.Text)).Dir("auto").
			Attr("maxlength", chat.MaxText).Attr("autocomplete", "off").
			Attr("enterkeyhint", "send").DataSet("draft", goapp.Attr(draftOf(c.Room))).
			OnInput(c.typed).OnKeyDown(c.pressed),
		el("button").ID("send").Attr("type", "submit").Class("strong").Text(w.Send),
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

// typed redraws only if the note below the field changes.
func (c *composer) typed(ctx app.Context, _ app.Event) {
	left := ""
	if n := utf8.RuneCountInString(field(textID).element().Get("value").String()); n >= warnFrom {
		left = c.Session.words.Room.Left.Of(chat.MaxText - n)
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
		c.failure = c.Session.words.Room.NoName
		focusOn(authorID)
		return
	case c.Session.me.ID == "" && !c.Session.page.IsAnonymous():
		c.failure = c.Session.words.Room.NoAnswer
		return
	}
	c.failure, c.charsLeft = "", ""
	c.Session.post(c.Room, name, text, live.FormKey(e))
	live.Clear(textID)
}
