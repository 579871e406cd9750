package page

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/shared/guest"
	"github.com/seawaykit/seaway/shared/vitals"
)

// dashboard shows the server's vital signs: what they have been from the retained
// window, and what they are from the stream.
type dashboard struct {
	app.Compo
	Samples window
	Tick    vitals.Tick
	Here    guest.Presence
}

// Render draws the dashboard.
func (d *dashboard) Render() app.UI {
	return app.Div().Class("dashboard").Body(
		app.Header().Class("title").Body(
			app.H1().Text("Dashboard"),
			app.P().Text("The server’s own vital signs, once a second"),
		),
		app.Div().Class("charts").Body(
			app.Range(charted).Slice(func(i int) app.UI { return &chart{Metric: i, Samples: d.Samples} }),
		),
		d.tiles(),
		&figures{Samples: d.Samples},
	)
}

// tiles are single numbers. The last two come from topics of which the log keeps
// the newest event only: whoever arrives late is told one, not a day of them.
func (d *dashboard) tiles() app.UI {
	newest := d.Samples.newest()
	return app.Dl().Class("tiles").Body(
		app.Range(counted).Slice(func(i int) app.UI {
			number, name := counted[i].unit.split(counted[i].value(newest))
			return tile(counted[i].id, counted[i].title, number, name)
		}),
		tile("present", "Here now", strconv.Itoa(d.Here.Total), "guests"),
		tile("time", "Server time", clockTime(d.Tick), "UTC"),
	)
}

func tile(id, title, number, unit string) app.UI {
	return app.Div().Class("card", "tile").ID("tile-"+id).Body(
		app.Dt().Text(title),
		app.Dd().Body(
			app.Span().Class("number").Text(number),
			app.Span().Class("unit").Text(unit),
		),
	)
}

func clockTime(t vitals.Tick) string {
	if t.At.IsZero() {
		return "–"
	}
	return t.At.UTC().Format("15:04:05")
}

// figures are the charts as a table: for who cannot see them, and for who wants
// to know exactly.
type figures struct {
	app.Compo
	Samples window
}

// Render draws the table.
func (f *figures) Render() app.UI {
	return app.Section().Class("card", "figures").Body(
		app.H2().ID("figures").Text("The last five minutes in figures"),
		app.Div().Class("scroll").Role("region").Aria("labelledby", "figures").TabIndex(0).Body(
			app.Table().Body(
				app.THead().Body(app.Tr().Body(
					column(""), column("Now"), column("Least"), column("Mean"), column("Most"),
				)),
				app.TBody().Body(app.Range(charted).Slice(func(i int) app.UI {
					m := charted[i]
					e := extentOf(f.Samples.points(m.value))
					return app.Tr().Body(
						app.Th().Scope("row").Text(m.title),
						app.Td().Text(m.unit.words(e.now)), app.Td().Text(m.unit.words(e.least)),
						app.Td().Text(m.unit.words(e.mean)), app.Td().Text(m.unit.words(e.most)),
					)
				})),
			),
		),
	)
}

func column(name string) app.UI {
	if name == "" {
		return app.Td()
	}
	return app.Th().Scope("col").Text(name)
}
