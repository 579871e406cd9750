package page

import (
	"strconv"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/attr"
	"github.com/seawaykit/seaway/shared/sample/vitals"
)

// A chart draws one metric of the last minutes.
//
// It is made of go-app's elements rather than of app.Raw: a second changes two
// paths, three texts and a label, which is what go-app then sets, and the rest
// of the chart stays where it is. Raw would parse and replace all of it.
type chart struct {
	app.Compo
	Metric  int // of charted: a struct with a func is never equal to another
	Samples window
}

// Render draws the chart.
func (c *chart) Render() app.UI {
	m := charted[c.Metric]
	points := c.Samples.points(m.value)
	e := extentOf(points)
	number, name := m.unit.split(e.now)
	return el("figure").Class("card", "chart").ID("chart-"+m.id).Body(
		el("figcaption").Body(
			el("h2").Text(m.title),
			el("p").Class("now").Body(
				el("span").Class("number").Text(number),
				el("span").Class("unit").Text(name),
			),
			el("p").Class("range").Text(between(m.unit, e)),
		),
		c.drawing(m, points, e),
	)
}

func between(u unit, e extent) string { return u.words(e.least) + " to " + u.words(e.most) }

// drawing is one picture to a screen reader, which is told what is to be seen;
// the table below the charts has the figures.
func (c *chart) drawing(m metric, points []point, e extent) app.UI {
	base, unit := m.unit.base(e.most)
	s := newScale(e.most, m.least, base)
	p := plot{end: c.Samples.newest().At, span: vitals.Window, top: s.top}
	label := m.title + " in the last 5 minutes: now " + m.unit.words(e.now) + ", " + between(m.unit, e)
	return svg("svg").Class("plot").Role("img").Aria("label", attr.Value(label)).
		Attr("viewBox", "0 -"+strconv.Itoa(plotHead)+" "+strconv.Itoa(plotWidth)+" "+strconv.Itoa(plotHeight+plotHead)).
		Body(
			svg("text").Class("of").Attr("x", plotLeft-14).Attr("y", -8).Text(unit),
			svg("g").Class("grid").Body(rows(p, s, m.unit, base)...),
			svg("g").Class("times").Body(minutes(p)...),
			svg("path").Class("area").Attr("d", p.area(points)),
			svg("path").Class("line").Attr("d", p.line(points)),
		)
}

// rows are the lines across, each with its number.
func rows(p plot, s scale, u unit, base float64) []app.UI {
	var all []app.UI
	for _, tick := range s.ticks {
		y := p.y(tick)
		all = append(all,
			svg("path").Attr("d", "M"+strconv.Itoa(plotLeft)+","+strconv.Itoa(y)+"H"+strconv.Itoa(plotRight)),
			svg("text").Attr("x", plotLeft-14).Attr("y", y+8).Text(u.tick(tick, base)),
		)
	}
	return all
}

// minutes are the times below the plot, as distances from now: times of day
// would move with each second.
func minutes(p plot) []app.UI {
	var all []app.UI
	for n := int(p.span / time.Minute); n >= 0; n-- {
		text := "−" + strconv.Itoa(n) + " min"
		if n == 0 {
			text = "now"
		}
		x := p.x(p.end.Add(-time.Duration(n) * time.Minute))
		all = append(all, svg("text").Attr("x", x).Attr("y", plotBottom+36).Text(text))
	}
	return all
}

// svg makes an element of SVG.
func svg(tag string) app.HTMLElem { return app.Elem(tag).XMLNS("http://www.w3.org/2000/svg") }
