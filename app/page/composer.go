package page

import (
	"context"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/shared/chat"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/fault"
)

// The ids of the composer's fields.
const (
	authorID = "author"
	textID   = "text"
)

// composer writes messages. Its fields keep their own text: go-app cannot set a
// field's value to nothing.
type composer struct {
	app.Compo
	Room string

	sending bool
	failure string
}

// OnMount puts the name of last time into its field.
func (c *composer) OnMount(ctx app.Context) {
	var name string
	if err := ctx.LocalStorage().Get(authorID, &name); err == nil && name != "" && field(authorID).text() == "" {
		field(authorID).set(name)
	}
}

// Render draws the form.
func (c *composer) Render() app.UI {
	label := "Send"
	if c.sending {
		label = "Sending"
	}
	return app.Form().Class("composer").OnSubmit(c.submit).Body(
		app.Input().ID(authorID).Name(authorID).Class("name").Type("text").
			Placeholder("Your name").Aria("label", "Your name").
			Attr("maxlength", chat.MaxAuthor).Attr("autocomplete", "nickname"),
		app.Input().ID(textID).Name(textID).Class("words").Type("text").
			Placeholder("Write a message").Aria("label", "Message").
			Attr("maxlength", chat.MaxText).Attr("autocomplete", "off"),
		app.Button().ID("send").Type("submit").Text(label),
		app.If(c.failure != "", func() app.UI {
			return app.P().Class("failure").ID("failure").Role("alert").Text(c.failure)
		}),
	)
}

// submit sends the message. The text leaves the field when the server has it,
// not before: whatever happens to the call, nothing typed is lost.
func (c *composer) submit(ctx app.Context, e app.Event) {
	e.PreventDefault()
	req := chat.PostRequest{Room: c.Room, Author: field(authorID).text(), Text: field(textID).text()}
	if c.sending || req.Text == "" {
		return
	}
	c.sending, c.failure = true, ""
	ctx.LocalStorage().Set(authorID, req.Author)
	ctx.Async(func() {
		_, err := command.Call(context.Background(), chat.Post, req)
		ctx.Dispatch(func(app.Context) { c.sent(req, err) })
	})
}

// sent takes the outcome.
func (c *composer) sent(req chat.PostRequest, err error) {
	c.sending = false
	if err != nil {
		refused, told := fault.From(err)
		if c.failure = refused.Message; !told {
			c.failure = "The message was not sent: the server cannot be reached."
		}
		return
	}
	if field(textID).text() == req.Text { // unless more was typed meanwhile
		field(textID).set("")
	}
}

// field is an input of the page, by its id.
type field string

func (f field) element() app.Value { return app.Window().GetElementByID(string(f)) }

func (f field) text() string {
	if e := f.element(); e.Truthy() {
		return strings.TrimSpace(e.Get("value").String())
	}
	return ""
}

func (f field) set(text string) {
	if e := f.element(); e.Truthy() {
		e.Set("value", text)
	}
}

// A draft is what was typed into the page before the components took it over.
type draft struct{ author, text string }

func readDraft() draft { return draft{field(authorID).text(), field(textID).text()} }

func (d draft) restore() {
	if d.author != "" {
		field(authorID).set(d.author)
	}
	if d.text != "" {
		field(textID).set(d.text)
	}
}
