package page

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/shared/guest"
)

// here says who has a page open.
type here struct {
	app.Compo
	Here guest.Presence
	Me   string // the reader's own id
}

// Render draws everybody.
func (h *here) Render() app.UI {
	all := h.Here.Guests
	return app.Aside().Class("here").Aria("labelledby", "here-title").Body(
		app.H2().ID("here-title").Body(
			app.Span().Text("Here"),
			app.Span().Class("count").ID("present").Text(strconv.Itoa(h.Here.Total)),
		),
		app.Ul().ID("guests").Body(app.Range(all).Slice(func(i int) app.UI {
			return app.Li().Body(
				avatar(all[i].ID, all[i].Name),
				app.Span().Class("name").Title(attr(called(all[i].Name))).Text(called(all[i].Name)),
				app.If(all[i].ID == h.Me && h.Me != "", func() app.UI { return app.Span().Class("you").Text("you") }),
			)
		})),
		app.If(h.Here.Total > len(all), func() app.UI {
			return app.P().Text("and " + strconv.Itoa(h.Here.Total-len(all)) + " more")
		}),
	)
}
