package page

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
	"github.com/seawaykit/seaway/app/sample/transports"
	"github.com/seawaykit/seaway/app/sample/words"
)

// claimTable draws common claims about each transport, and what was measured.
// Each row has space reserved for its result.
func claimTable(w *words.Compare, f *transports.Figures) app.UI {
	return el("section").Class("claims").Aria("labelledby", "claims").Body(
		el("h2").ID("claims").Text(w.SaidTitle),
		el("table").Class("card").Body(
			el("thead").Body(el("tr").Body(column(w.SaidColumn), column(w.Verdict), column(w.Measured))),
			el("tbody").Body(app.Range(transports.Claims).Slice(func(i int) app.UI {
				return claimRow(w, i, f)
			})),
		),
	)
}

func claimRow(w *words.Compare, i int, f *transports.Figures) app.UI {
	c, said := &transports.Claims[i], w.Said[i]
	found := c.Find(f, &w.Found)
	text := found.Text
	if found.Verdict == transports.Unmeasured {
		text = howToMeasure(w, c.ID)
	}
	return el("tr").ID(goapp.Attr("claim-"+c.ID)).Body(
		// The space stands between the two as it does in the server's HTML, which
		// has one there anyway: within either it is not as wide.
		el("th").Attr("scope", "row").Body(el("b").Text(said.About), app.Text(" "), el("span").Text(said.Text)),
		el("td").Body(el("span").Class("verdict", strings.ReplaceAll(found.Verdict.String(), " ", "-")).Text(w.Verdicts[found.Verdict])),
		el("td").Class("found").Text(text),
	)
}

// howToMeasure says which button measures a claim that is not measured by itself.
func howToMeasure(w *words.Compare, claim string) string {
	switch claim {
	case "duplex", "talk":
		return w.PressRoundTrip
	case "stays", "returns":
		return w.PressDrop
	}
	return ""
}
