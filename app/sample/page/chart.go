package page

import (
	"strconv"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
	"github.com/seawaykit/seaway/app/sample/words"
	"github.com/seawaykit/seaway/shared/sample/vitals"
)

// A chart draws one metric of the last minutes.
//
// It is made of go-app's elements rather than of app.Raw: a second changes two
// paths, three texts and a label, which is all that go-app sets then. Raw would
// parse and replace the whole chart.
type chart struct {
	app.Compo
	Words   *words.Dashboard
	Metric  int // index in chartMetrics: a struct with a func is never equal to another
	Samples window
}

// Render draws the chart.
func (c *chart) Render() app.UI {
	m := chartMetrics[c.Metric]
	points := c.Samples.points(m.value)
	s := summarize(points)
	number, name := m.unit.split(s.now)
	return el("figure").Class("card", "chart").ID("chart-"+m.id).Body(
		el("figcaption").Body(
			el("h2").Text(m.title(c.Words)),
			el("p").Class("now").Body(
				el("span").Class("number").Text(number),
				el("span").Class("unit").Text(name),
			),
			el("p").Class("range").Text(c.span(m.unit, s)),
		),
		c.drawing(m, points, s),
	)
}

func (c *chart) span(u unit, s summary) string {
	return words.Fill(c.Words.Range, u.text(s.min), u.text(s.max))
}

// drawing draws the chart as one image to screen readers, with a label that sums
// it up. The table below the charts has the figures.
func (c *chart) drawing(m metric, points []point, sum summary) app.UI {
	base, unit := m.unit.base(sum.max)
	s := newScale(sum.max, m.axisMin, base)
	p := plot{end: c.Samples.newest().At, span: vitals.Window, top: s.top}
	label := words.Fill(c.Words.Chart, m.title(c.Words), m.unit.text(sum.now), c.span(m.unit, sum))
	return svg("svg").Class("plot").Role("img").Aria("label", goapp.Attr(label)).
		Attr("viewBox", "0 -"+strconv.Itoa(plotHead)+" "+strconv.Itoa(plotWidth)+" "+strconv.Itoa(plotHeight+plotHead)).
		Body(
			svg("text").Class("of").Attr("x", plotLeft-14).Attr("y", -8).Text(unit),
			svg("g").Class("grid").Body(rows(p, s, m.unit, base)...),
			svg("g").Class("times").Body(c.minutes(p)...),
			svg("path").Class("area").Attr("d", p.area(points)),
			svg("path").Class("line").Attr("d", p.line(points)),
		)
}

// rows draws the horizontal lines, each with its number.
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

// minutes draws the times below the plot, as minutes ago: times of day would move
// each second.
func (c *chart) minutes(p plot) []app.UI {
	var all []app.UI
	for n := int(p.span / time.Minute); n >= 0; n-- {
		text := words.Fill(c.Words.Minutes, strconv.Itoa(n))
		if n == 0 {
			text = c.Words.Now
		}
		x := p.x(p.end.Add(-time.Duration(n) * time.Minute))
		all = append(all, svg("text").Attr("x", x).Attr("y", plotBottom+36).Text(text))
	}
	return all
}

// svg returns an SVG element.
func svg(tag string) app.HTMLElem { return app.Elem(tag).XMLNS("http://www.w3.org/2000/svg") }
