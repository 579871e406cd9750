package page

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/lanes"
	"github.com/seawaykit/seaway/shared/compare"
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

// dropOutcome says what has become of the lanes.
func dropOutcome(f lanes.Figures) string {
	d := f.Drop
	switch {
	case d.Failure != "":
		return "It could not be done: " + d.Failure + "."
	case d.Stage == lanes.Trying && d.Cut == 0:
		return "Cut, and watching who comes back."
	case d.Cut == 0:
		return ""
	}
	var back []string
	for _, kind := range lanes.Kinds {
		l := f.Lanes[kind]
		took := "did not notice"
		if l.Back > 0 {
			took = "back in " + lanes.Seconds(l.Back)
		}
		back = append(back, laneNames[kind].name+" "+took)
	}
	return lanes.Whole(d.Cut) + " connections cut. With the kit: " + strings.Join(back, ", ") + ". " + alone("EventSource", d.EventSource) + " " + alone("WebSocket", d.WebSocket)
}

// alone says what the browser has done by itself.
func alone(name string, t lanes.Trail) string {
	switch {
	case t.Absent:
		return "The browser alone had no " + name + "."
	case t.Returned():
		return "The browser alone had its " + name + " back in " + lanes.Seconds(t.Back) + "."
	}
	return "The browser alone left its " + name + " closed."
}

// talkOutcome says how quick the answers were.
func talkOutcome(f lanes.Figures) string {
	t := f.Talk
	switch {
	case t.Failure != "":
		return "It could not be done: " + t.Failure + "."
	case t.Rounds == 0:
		return ""
	}
	return "A question took " + lanes.Millis(t.Socket) + " on the " + laneNames[compare.WebSocket].name + ", and " + lanes.Millis(t.Post) + " by POST."
}
