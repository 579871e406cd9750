package page

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/sample/vitals"
)

// dashboard shows the server's vital signs: history from the retained events, and
// the present from the stream.
type dashboard struct {
	app.Compo
	Samples  window
	Tick     vitals.Tick
	Presence guest.Presence
	Local    bool // times are in the user's zone
}

// Render draws the dashboard.
func (d *dashboard) Render() app.UI {
	return el("div").Class("dashboard").Body(
		el("header").Class("title").Body(
			el("h1").Text("Dashboard"),
			el("p").Text("The server’s own vital signs, once a second"),
		),
		el("div").Class("charts").Body(
			app.Range(chartMetrics).Slice(func(i int) app.UI { return &chart{Metric: i, Samples: d.Samples} }),
		),
		d.tiles(),
		&figures{Samples: d.Samples},
	)
}

// tiles draws single numbers. The last two come from topics of which the log keeps
// only the newest event, so a new page receives one event and not a day of them.
func (d *dashboard) tiles() app.UI {
	newest := d.Samples.newest()
	return el("dl").Class("tiles").Body(
		app.Range(tileMetrics).Slice(func(i int) app.UI {
			number, name := tileMetrics[i].unit.split(tileMetrics[i].value(newest))
			return tile(tileMetrics[i].id, tileMetrics[i].title, number, name)
		}),
		tile("present", "Here now", strconv.Itoa(d.Presence.Total), plural(d.Presence.Total, "guest", "guests")),
		d.clock(),
	)
}

func tile(id, title, number, unit string) app.UI {
	return el("div").Class("card", "tile").ID("tile-"+id).Body(
		el("dt").Text(title),
		el("dd").Body(
			el("span").Class("number").Text(number),
			el("span").Class("unit").Text(unit),
		),
	)
}

// clock draws the server's time, in the user's zone.
func (d *dashboard) clock() app.UI {
	unit := "UTC"
	if d.Local {
		unit = ""
	}
	return el("div").Class("card", "tile").ID("tile-time").Body(
		el("dt").Text("Server time"),
		el("dd").Body(
			app.If(!d.Tick.At.IsZero(), func() app.UI {
				return timeOf(d.Tick.At, bareSeconds, d.Local).Class("number")
			}).Else(func() app.UI { return el("span").Class("number").Text("–") }),
			el("span").Class("unit").Text(unit),
		),
	)
}

// figures shows the charts as a table, for screen readers and for exact numbers.
type figures struct {
	app.Compo
	Samples window
}

// Render draws the table.
func (f *figures) Render() app.UI {
	return el("section").Class("card", "figures").Body(
		el("h2").ID("figures").Text("The last five minutes in figures"),
		el("div").Class("scroll").Role("region").Aria("labelledby", "figures").TabIndex(0).Body(
			el("table").Body(
				el("thead").Body(el("tr").Body(
					column(""), column("Now"), column("Minimum"), column("Average"), column("Maximum"),
				)),
				el("tbody").Body(app.Range(chartMetrics).Slice(func(i int) app.UI {
					m := chartMetrics[i]
					s := summarize(f.Samples.points(m.value))
					return el("tr").Body(
						el("th").Attr("scope", "row").Text(m.title),
						el("td").Text(m.unit.text(s.now)), el("td").Text(m.unit.text(s.min)),
						el("td").Text(m.unit.text(s.mean)), el("td").Text(m.unit.text(s.max)),
					)
				})),
			),
		),
	)
}

func column(name string) app.UI {
	if name == "" {
		return el("td")
	}
	return el("th").Attr("scope", "col").Text(name)
}
