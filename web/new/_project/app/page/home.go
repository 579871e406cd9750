// Package page draws the page: first on the server, then in the browser whenever an event has changed the state.
package page

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"
	"github.com/seawaykit/seaway/app/live"
	"github.com/seawaykit/seaway/shared/event"

	"example.com/me/app/shared/notes"
)

// Routes are the pages, by the pattern of their path.
var Routes = live.Routes{"/": func(live.Request) app.Composer { return &home{} }}

type home struct {
	app.Compo
	page    *live.Page
	list    *live.Value[notes.List]
	failure string
}

func (h *home) OnInit() {
	h.page = live.New(live.Options{})
	h.list = live.State(h.page, notes.Lists, "all") // has its value from the first Render on, on both sides
	h.page.Init()
}

func (h *home) OnMount(ctx app.Context) { h.page.Mount(ctx) } // opens the stream, in the browser only
func (h *home) OnDismount()             { h.page.Close() }

func (h *home) Render() app.UI {
	return h.page.Shell(
		app.H1().Text("Notes"),
		app.Ul().ID("notes").Body(app.Range(h.list.Now().Notes).Slice(h.row)),
		app.Form().Method("post").Action("/").OnSubmit(h.write).Body( // where the page does not run, the browser posts it
			h.page.Key("key"),
			app.Input().ID("text").Name("text").Placeholder("Write a note").Aria("label", "Note").Attr("autocomplete", "off").DataSet("draft", "note"),
			app.Button().ID("write").Text("Write"),
			app.P().ID("failure").Role("alert").Text(h.failure),
		),
	)
}

func (h *home) row(i int) app.UI { return app.Li().Body(app.Span().Text(h.list.Now().Notes[i].Text)) }

func (h *home) write(ctx app.Context, e app.Event) {
	live.Call(ctx, notes.Write, notes.Note{Text: live.FieldText("text")}, func(_ event.ID, err error) {
		if h.failure = live.Message(err); err == nil {
			live.Clear("text") // the server has stored it
		}
	}, live.WithFormKey(e))
}
