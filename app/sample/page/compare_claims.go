package page

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/sample/transports"
)

// claimTable draws common claims about each transport, and what was measured.
// Each row has space reserved for its result.
func claimTable(f *transports.Figures) app.UI {
	return el("section").Class("claims").Aria("labelledby", "claims").Body(
		el("h2").ID("claims").Text("What is said, and what was measured"),
		el("table").Class("card").Body(
			el("thead").Body(el("tr").Body(column("It is said that"), column("Verdict"), column("Measured here"))),
			el("tbody").Body(app.Range(transports.Claims).Slice(func(i int) app.UI {
				return claimRow(&transports.Claims[i], f)
			})),
		),
	)
}

func claimRow(c *transports.Claim, f *transports.Figures) app.UI {
	found := c.Find(f)
	text := found.Text
	if found.Verdict == transports.Unmeasured {
		text = howToMeasure[c.ID]
	}
	return el("tr").ID("claim-"+c.ID).Body(
		// The space stands between the two as it does in the server's HTML, which
		// has one there anyway: within either it is not as wide.
		el("th").Attr("scope", "row").Body(el("b").Text(c.About), app.Text(" "), el("span").Text(c.Text)),
		el("td").Body(el("span").Class("verdict", strings.ReplaceAll(found.Verdict.String(), " ", "-")).Text(found.Verdict.String())),
		el("td").Class("found").Text(text),
	)
}

// howToMeasure says which button measures a claim that is not measured by itself.
var howToMeasure = map[string]string{
	"duplex": "Press Talk.", "talk": "Press Talk.", "stays": "Press Drop.", "returns": "Press Drop.",
}
