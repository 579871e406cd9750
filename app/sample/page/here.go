package page

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/attr"
	"github.com/seawaykit/seaway/app/livelist"
	"github.com/seawaykit/seaway/shared/sample/guest"
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
	return el("aside").Class("here").Aria("labelledby", "here-title").Body(
		el("h2").ID("here-title").Body(
			el("span").Text("Here"),
			el("span").Class("count").ID("present").Text(strconv.Itoa(h.Here.Total)),
		),
		el("ul").ID("guests").Body(app.Range(all).Slice(func(i int) app.UI {
			return el("li").Body(
				avatar(all[i].ID, all[i].Name),
				el("span").Class("name").Title(attr.Value(called(all[i].Name))).Body(livelist.Text(called(all[i].Name))),
				app.If(all[i].ID == h.Me && h.Me != "", func() app.UI { return el("span").Class("you").Text("you") }),
			)
		})),
		app.If(h.Here.Total > len(all), func() app.UI {
			return el("p").Text("and " + strconv.Itoa(h.Here.Total-len(all)) + " more")
		}),
	)
}
