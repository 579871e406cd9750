package page

import (
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/sample/transports"
	"github.com/seawaykit/seaway/app/source"
	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

// A laneTable shows the lanes' figures side by side. It is whole before there are
// any, and no figure moves another. Like the other parts of the page it is no
// component of its own: each would be 20 kB of wasm, and all change together.
type laneTable struct{ figures *transports.Figures }

// laneNames say what each lane is.
var laneNames = map[contract.Kind]struct{ name, about string }{
	contract.Poll:        {"Polling", "asks every 2 s"},
	contract.LongPoll:    {"Long polling", "asks, and is kept"},
	contract.WebSocket:   {"WebSocket", "both ways"},
	contract.EventSource: {"SSE", "one way"},
}

// A laneRow is one figure of all lanes.
type laneRow struct {
	id, title string
	text      func(*transports.Lane) string
}

var laneRows = []laneRow{
	{"messages", "Messages", func(l *transports.Lane) string { return known(l, transports.Whole(l.Messages)) }},
	{"missed", "Missed", func(l *transports.Lane) string { return known(l, transports.Whole(l.Missed)) }},
	{"median", "Delay, median", func(l *transports.Lane) string { return delayed(l, transports.Millis(l.Median)) }},
	{"worst", "Delay, worst", func(l *transports.Lane) string { return delayed(l, transports.Millis(l.Worst)) }},
	{"requests", "Requests", func(l *transports.Lane) string { return costed(l, transports.Whole(l.Count.Requests)) }},
	{"up", "Bytes up", func(l *transports.Lane) string { return sized(l, transports.Size(l.Count.In)) }},
	{"down", "Bytes down", func(l *transports.Lane) string { return sized(l, transports.Size(l.Count.Out)) }},
	{"each", "Bytes a message", func(l *transports.Lane) string { return sized(l, transports.Size(l.Down())) }},
	{"held", "Connections now", func(l *transports.Lane) string { return costed(l, transports.Whole(l.Count.Held)) }},
	{"reconnects", "Reconnects", func(l *transports.Lane) string { return known(l, transports.Whole(l.Reconnects)) }},
	{"caught", "Caught up", func(l *transports.Lane) string { return known(l, transports.Whole(l.CaughtUp)) }},
}

// draw draws the table, and what it is of.
func (t laneTable) draw(button app.UI) app.UI {
	return el("section").Class("card", "lanes").Aria("labelledby", "lanes").Body(
		el("h2").ID("lanes").Class("unseen").Text("Four lanes"),
		el("table").Body(
			el("thead").Body(el("tr").Body(
				el("td"),
				app.Range(transports.Kinds).Slice(func(i int) app.UI {
					n := laneNames[transports.Kinds[i]]
					return el("th").Attr("scope", "col").Body(el("b").Text(n.name), el("span").Text(n.about))
				}),
			)),
			el("tbody").Body(
				el("tr").Class("states").Body(t.cells("state", "State", t.state)...),
				el("tr").Class("arrivals").Aria("hidden", truth(true)).Body(t.cells("", "Arrivals, 10 s", arrivals)...),
				app.Range(laneRows).Slice(func(i int) app.UI {
					row := laneRows[i]
					return el("tr").Body(t.cells(row.id, row.title, func(l *transports.Lane) app.UI { return app.Text(row.text(l)) })...)
				}),
			),
		),
		el("div").Class("foot").Body(
			el("span").ID("running").Text("Measured for "+t.running()),
			el("span").ID("clock-off").Text("clocks read to "+t.within()),
			el("span").Class("failure").Text(t.figures.Failure),
			button,
		),
	)
}

// cells are a row's. An id names those of a figure: figure-lane.
func (t laneTable) cells(id, title string, draw func(*transports.Lane) app.UI) []app.UI {
	cells := []app.UI{el("th").Attr("scope", "row").Text(title)}
	for _, kind := range transports.Kinds {
		cell := el("td")
		if id != "" {
			cell = cell.ID(id + "-" + string(kind))
		}
		cells = append(cells, cell.Body(draw(t.figures.Lane(kind))))
	}
	return cells
}

// laneStates are short words for a phase, so that a phone has room for four.
var laneStates = map[source.Phase]string{
	source.Idle: "–", source.Connecting: "opening", source.Live: "live", source.Stale: "checking",
	source.Waiting: "waiting", source.Offline: "offline",
}

func (t laneTable) state(l *transports.Lane) app.UI {
	word, ok := laneStates[l.Phase]
	if !ok {
		word = "closed"
	}
	return el("span").Class("state", l.Phase.String()).Text(word)
}

func (t laneTable) running() string {
	if t.figures.Running == 0 {
		return transports.Dash
	}
	return transports.Whole(int(t.figures.Running.Seconds())) + " s"
}

func (t laneTable) within() string {
	if t.figures.Within == 0 {
		return transports.Dash
	}
	return "± " + strconv.FormatFloat(t.figures.Within.Seconds()*1000, 'f', 1, 64) + " ms"
}

// known is a figure of the page's own: there once the lane has been live.
func known(l *transports.Lane, text string) string { return dashUnless(l.Messages > 0, text) }

func delayed(l *transports.Lane, text string) string { return dashUnless(l.Delayed, text) }

// costed is a figure of the server's.
func costed(l *transports.Lane, text string) string { return dashUnless(l.Count.Requests > 0, text) }

// sized is one that not every server can tell.
func sized(l *transports.Lane, text string) string { return dashUnless(l.Count.Counted, text) }

func dashUnless(known bool, text string) string {
	if !known {
		return transports.Dash
	}
	return text
}

// The chart of arrivals: bars of 2 units with 1 between them, and as high as
// what came, up to the eight that a poll brings at once.
const (
	barWidth   = 3
	barHeight  = 24
	leastBar   = 6
	fullBar    = 8
	chartWidth = barWidth * transports.Bars
)

// arrivals draws when messages came: those of a stream one by one, those of
// polls in heaps.
func arrivals(l *transports.Lane) app.UI {
	return svg("svg").Class("bars").Attr("viewBox", "0 0 "+strconv.Itoa(chartWidth)+" "+strconv.Itoa(barHeight)).
		Attr("preserveAspectRatio", "none").Body(
		svg("path").Class("ground").Attr("d", "M0 "+strconv.Itoa(barHeight)+"h"+strconv.Itoa(chartWidth)),
		svg("path").Class("bar").Attr("d", barPath(&l.Bars)),
	)
}

// barPath is the outline of all bars. There is always one, since go-app leaves
// out an attribute that is empty, and so would not empty it.
func barPath(bars *[transports.Bars]int) string {
	var b strings.Builder
	b.WriteString("M0 0")
	for i, n := range bars {
		if n > 0 {
			h := strconv.Itoa(leastBar + (barHeight-leastBar)*(min(n, fullBar)-1)/(fullBar-1))
			b.WriteString("M" + strconv.Itoa(i*barWidth) + " " + strconv.Itoa(barHeight) + "v-" + h + "h2v" + h + "z")
		}
	}
	return b.String()
}
