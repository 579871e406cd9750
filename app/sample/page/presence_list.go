package page

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
	"github.com/seawaykit/seaway/app/livelist"
	"github.com/seawaykit/seaway/app/sample/words"
	"github.com/seawaykit/seaway/shared/sample/guest"
)

// presenceList shows the guests who have a page open.
type presenceList struct {
	app.Compo
	Words    *words.Words
	Presence guest.Presence
	Me       string // the user's id
}

// Render draws the list.
func (p *presenceList) Render() app.UI {
	all, w := p.Presence.Guests, &p.Words.Frame
	return el("aside").Class("here").Aria("labelledby", "here-title").Body(
		el("h2").ID("here-title").Body(
			el("span").Text(w.Here),
			el("span").Class("count").ID("present").Text(strconv.Itoa(p.Presence.Total)),
		),
		el("ul").ID("guests").Body(app.Range(all).Slice(func(i int) app.UI {
			return el("li").Body(
				avatar(all[i].ID, all[i].Name),
				el("span").Class("name").Title(goapp.Attr(displayName(all[i].Name, p.Words))).Body(livelist.Text(displayName(all[i].Name, p.Words))),
				app.If(all[i].ID == p.Me && p.Me != "", func() app.UI { return el("span").Class("you").Text(w.You) }),
			)
		})),
		app.If(p.Presence.Total > len(all), func() app.UI {
			return el("p").Text(w.Others.Of(p.Presence.Total - len(all)))
		}),
	)
}
