package page

import (
	"context"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/fault"

	"example.com/me/app/shared/notes"
)

// composer writes notes.
type composer struct {
	app.Compo
	failure string
}

// Render draws the form.
func (c *composer) Render() app.UI {
	return app.Form().OnSubmit(c.write).Body(
		app.Input().ID("text").Name("text").Placeholder("Write a note").Aria("label", "Note").Attr("autocomplete", "off"),
		app.Button().ID("write").Type("submit").Text("Write"),
		app.P().ID("failure").Role("alert").Text(c.failure),
	)
}

// write sends the note. The call goes on trying until the server has answered;
// only then does the text leave its field.
func (c *composer) write(ctx app.Context, e app.Event) {
	e.PreventDefault()
	field := app.Window().GetElementByID("text")
	req := notes.WriteRequest{Text: field.Get("value").String()}
	ctx.Async(func() {
		_, err := command.Call(context.Background(), notes.Write, req)
		ctx.Dispatch(func(app.Context) {
			if err != nil {
				refused, _ := fault.From(err)
				c.failure = refused.Message
				return
			}
			c.failure = ""
			field.Set("value", "")
		})
	})
}
