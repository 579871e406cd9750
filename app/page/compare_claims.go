package page

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/lanes"
)

// claimTable shows what is commonly said of each way, and what was measured.
type claimTable struct {
	app.Compo
	Figures lanes.Figures
}

// Render draws the table. Each row has room for its words before they are there.
func (t *claimTable) Render() app.UI {
	return el("section").Class("claims").Aria("labelledby", "claims").Body(
		el("h2").ID("claims").Text("What is said, and what was measured"),
		el("table").Class("card").Body(
			el("thead").Body(el("tr").Body(column("It is said that"), column("Verdict"), column("Measured here"))),
			el("tbody").Body(app.Range(lanes.Claims).Slice(func(i int) app.UI {
				return t.row(lanes.Claims[i])
			})),
		),
	)
}

func (t *claimTable) row(c lanes.Claim) app.UI {
	found := c.Find(t.Figures)
	text := found.Text
	if found.Verdict == lanes.Unmeasured {
		text = wanting[c.ID]
	}
	return el("tr").ID("claim-"+c.ID).Body(
		el("th").Attr("scope", "row").Body(el("b").Text(c.About), app.Text(" "+c.Text)),
		el("td").Body(el("span").Class("verdict", strings.ReplaceAll(found.Verdict.String(), " ", "-")).Text(found.Verdict.String())),
		el("td").Class("found").Text(text),
	)
}

// wanting says what a claim waits for that does not come by itself.
var wanting = map[string]string{
	"duplex": "Press Talk.", "talk": "Press Talk.", "stays": "Press Drop.", "returns": "Press Drop.",
}
