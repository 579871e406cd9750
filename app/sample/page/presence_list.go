package page

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
	"github.com/seawaykit/seaway/app/livelist"
	"github.com/seawaykit/seaway/app/sample/words"
	"github.com/seawaykit/seaway/shared/presence"
	"github.com/seawaykit/seaway/shared/sample/guest"
)

// A present is who is here, as a list shows it.
type present struct {
	guests []guest.Guest // by name; those without one come last
	total  int
}

func presentOf(h presence.Here[guest.Guest]) (p present) {
	byKey := map[string]guest.Guest{}
	var keys []string // a list of texts is sorted by what the program has already
	for _, one := range h.People() {
		key := cmp.Or(strings.ToLower(one.Profile.Name), "\U0010ffff") + "\x00" + one.Key
		byKey[key], keys = one.Profile, append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys[:min(len(keys), presence.MaxListed)] {
		p.guests = append(p.guests, byKey[key])
	}
	p.total = h.Count()
	return p
}

// presenceList shows guests who are here.
type presenceList struct {
	app.Compo
	Words    *words.Words
	Presence present
	Me       string // the user's id
}

// Render draws the list.
func (p *presenceList) Render() app.UI {
	all, w := p.Presence.guests, &p.Words.Frame
	return el("aside").Class("here").Aria("labelledby", "here-title").Body(
		el("h2").ID("here-title").Body(
			el("span").Text(w.Here),
			el("span").Class("count").ID("present").Text(strconv.Itoa(p.Presence.total)),
		),
		el("ul").ID("guests").Body(app.Range(all).Slice(func(i int) app.UI {
			return el("li").Body(
				avatar(all[i].ID, all[i].Name),
				el("span").Class("name").Title(goapp.Attr(displayName(all[i].Name, p.Words))).Body(livelist.Text(displayName(all[i].Name, p.Words))),
				app.If(all[i].ID == p.Me && p.Me != "", func() app.UI { return el("span").Class("you").Text(w.You) }),
			)
		})),
		app.If(p.Presence.total > len(all), func() app.UI {
			return el("p").Text(w.Others.Of(p.Presence.total - len(all)))
		}),
	)
}
