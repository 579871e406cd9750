package page

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/sample/words"
	"github.com/seawaykit/seaway/shared/sample/vitals"
)

// dashboard shows the server's vital signs: history from the retained events, and
// the present from the stream.
type dashboard struct {
	app.Compo
	Words    *words.Words
	Samples  window
	Tick     vitals.Tick
	Presence present
	Local    bool // times are in the user's zone
}

// Render draws the dashboard.
func (d *dashboard) Render() app.UI {
	return el("div").Class("dashboard").Body(
		el("header").Class("title").Body(
			el("h1").Text(d.Words.Frame.Dashboard),
			el("p").Text(d.Words.Dashboard.About),
		),
		el("div").Class("charts").Body(
			app.Range(chartMetrics).Slice(func(i int) app.UI { return &chart{Words: &d.Words.Dashboard, Metric: i, Samples: d.Samples} }),
		),
		d.tiles(),
		&figures{Words: &d.Words.Dashboard, Samples: d.Samples},
	)
}

// tiles draws single numbers. The last two come from topics of which the log keeps
// only the newest event, so a new page receives one event and not a day of them.
func (d *dashboard) tiles() app.UI {
	newest, w := d.Samples.newest(), &d.Words.Dashboard
	return el("dl").Class("tiles").Body(
		app.Range(tileMetrics).Slice(func(i int) app.UI {
			number, name := tileMetrics[i].unit.split(tileMetrics[i].value(newest))
			return tile(tileMetrics[i].id, tileMetrics[i].title(w), number, name)
		}),
		tile("present", w.Present, strconv.Itoa(d.Presence.total), w.Guests.Of(d.Presence.total)),
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
		el("dt").Text(d.Words.Dashboard.Time),
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
	Words   *words.Dashboard
	Samples window
}

// Render draws the table.
func (f *figures) Render() app.UI {
	w := f.Words
	return el("section").Class("card", "figures").Body(
		el("h2").ID("figures").Text(w.Figures),
		el("div").Class("scroll").Role("region").Aria("labelledby", "figures").TabIndex(0).Body(
			el("table").Body(
				el("thead").Body(el("tr").Body(
					column(""), column(w.NowColumn), column(w.Lowest), column(w.Mean), column(w.Highest),
				)),
				el("tbody").Body(app.Range(chartMetrics).Slice(func(i int) app.UI {
					m := chartMetrics[i]
					s := summarize(f.Samples.points(m.value))
					return el("tr").Body(
						el("th").Attr("scope", "row").Text(m.title(w)),
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
