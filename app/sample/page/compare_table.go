package page

import (
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/sample/transports"
	"github.com/seawaykit/seaway/app/source"
	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

// A transportTable shows the figures of the transports side by side. It has its
// full size before there are any, and no figure moves another. Like the other
// parts of the page it is not a component: each would be 20 kB of wasm, and all
// change together.
type transportTable struct{ figures *transports.Figures }

// transportNames are the names of the transports, and a description each.
var transportNames = map[contract.Kind]struct{ name, about string }{
	contract.Poll:        {"Polling", "asks every 2 s"},
	contract.LongPoll:    {"Long polling", "asks, and is kept"},
	contract.WebSocket:   {"WebSocket", "both ways"},
	contract.EventSource: {"SSE", "one way"},
}

// A figureRow is one figure of all transports.
type figureRow struct {
	id, title string
	text      func(*transports.Result) string
}

var figureRows = []figureRow{
	{"messages", "Messages", func(r *transports.Result) string { return ifReceived(r, transports.Whole(r.Messages)) }},
	{"missed", "Missed", func(r *transports.Result) string { return ifReceived(r, transports.Whole(r.Missed)) }},
	{"median", "Delay, median", func(r *transports.Result) string { return ifDelayed(r, transports.Millis(r.Median)) }},
	{"worst", "Delay, worst", func(r *transports.Result) string { return ifDelayed(r, transports.Millis(r.Worst)) }},
	{"requests", "Requests", func(r *transports.Result) string { return ifUsed(r, transports.Whole(r.Usage.Requests)) }},
	{"up", "Bytes up", func(r *transports.Result) string { return ifCounted(r, transports.Size(r.Usage.In)) }},
	{"down", "Bytes down", func(r *transports.Result) string { return ifCounted(r, transports.Size(r.Usage.Out)) }},
	{"each", "Bytes a message", func(r *transports.Result) string { return ifCounted(r, transports.Size(r.Down())) }},
	{"held", "Connections now", func(r *transports.Result) string { return ifUsed(r, transports.Whole(r.Usage.Held)) }},
	{"reconnects", "Reconnects", func(r *transports.Result) string { return ifReceived(r, transports.Whole(r.Reconnects)) }},
	{"caught", "Caught up", func(r *transports.Result) string { return ifReceived(r, transports.Whole(r.CaughtUp)) }},
}

// draw draws the table, and below it how long and how exactly was measured.
func (t transportTable) draw(button app.UI) app.UI {
	return el("section").Class("card", "transports").Aria("labelledby", "transports").Body(
		el("h2").ID("transports").Class("unseen").Text("Four lanes"),
		el("table").Body(
			el("thead").Body(el("tr").Body(
				el("td"),
				app.Range(transports.Kinds).Slice(func(i int) app.UI {
					n := transportNames[transports.Kinds[i]]
					return el("th").Attr("scope", "col").Body(el("b").Text(n.name), el("span").Text(n.about))
				}),
			)),
			el("tbody").Body(
				el("tr").Class("states").Body(t.cells("state", "State", t.state)...),
				el("tr").Class("arrivals").Aria("hidden", ariaBool(true)).Body(t.cells("", "Arrivals, 10 s", arrivals)...),
				app.Range(figureRows).Slice(func(i int) app.UI {
					row := figureRows[i]
					return el("tr").Body(t.cells(row.id, row.title, func(r *transports.Result) app.UI { return app.Text(row.text(r)) })...)
				}),
			),
		),
		el("div").Class("foot").Body(
			el("span").ID("running").Text("Measured for "+t.running()),
			el("span").ID("clock-off").Text("clocks read to "+t.clockError()),
			el("span").Class("failure").Text(t.figures.Failure),
			button,
		),
	)
}

// cells draws the cells of a row. The id of a figure's cell is id-transport.
func (t transportTable) cells(id, title string, draw func(*transports.Result) app.UI) []app.UI {
	cells := []app.UI{el("th").Attr("scope", "row").Text(title)}
	for _, kind := range transports.Kinds {
		cell := el("td")
		if id != "" {
			cell = cell.ID(id + "-" + string(kind))
		}
		cells = append(cells, cell.Body(draw(t.figures.Result(kind))))
	}
	return cells
}

// stateTexts are short texts for a phase, so that a phone has space for four.
var stateTexts = map[source.Phase]string{
	source.Idle: "–", source.Connecting: "opening", source.Live: "live", source.Stale: "checking",
	source.Waiting: "waiting", source.Offline: "offline",
}

func (t transportTable) state(r *transports.Result) app.UI {
	word, ok := stateTexts[r.Phase]
	if !ok {
		word = "closed"
	}
	return el("span").Class("state", r.Phase.String()).Text(word)
}

func (t transportTable) running() string {
	if t.figures.Elapsed == 0 {
		return transports.Dash
	}
	return transports.Whole(int(t.figures.Elapsed.Seconds())) + " s"
}

func (t transportTable) clockError() string {
	if t.figures.ClockError == 0 {
		return transports.Dash
	}
	return "± " + strconv.FormatFloat(t.figures.ClockError.Seconds()*1000, 'f', 1, 64) + " ms"
}

// ifReceived returns a figure of the page: it is known once a message has come.
func ifReceived(r *transports.Result, text string) string { return dashUnless(r.Messages > 0, text) }

func ifDelayed(r *transports.Result, text string) string { return dashUnless(r.Delayed, text) }

// ifUsed returns a figure of the server.
func ifUsed(r *transports.Result, text string) string { return dashUnless(r.Usage.Requests > 0, text) }

// ifCounted returns a figure that not every server knows.
func ifCounted(r *transports.Result, text string) string { return dashUnless(r.Usage.BytesKnown, text) }

func dashUnless(known bool, text string) string {
	if !known {
		return transports.Dash
	}
	return text
}

// The chart of arrivals: bars 2 units wide with 1 between them, as high as the
// number of messages, up to the eight that a poll brings at once.
const (
	barWidth   = 3
	barHeight  = 24
	minBar     = 6
	maxBar     = 8
	chartWidth = barWidth * transports.Bars
)

// arrivals draws when messages came: one by one on a stream, several at once by
// polls.
func arrivals(r *transports.Result) app.UI {
	return svg("svg").Class("bars").Attr("viewBox", "0 0 "+strconv.Itoa(chartWidth)+" "+strconv.Itoa(barHeight)).
		Attr("preserveAspectRatio", "none").Body(
		svg("path").Class("ground").Attr("d", "M0 "+strconv.Itoa(barHeight)+"h"+strconv.Itoa(chartWidth)),
		svg("path").Class("bar").Attr("d", barPath(&r.Bars)),
	)
}

// barPath returns the outline of all bars. It is never empty, since go-app leaves
// out an empty attribute, and so would not clear it.
func barPath(bars *[transports.Bars]int) string {
	var b strings.Builder
	b.WriteString("M0 0")
	for i, n := range bars {
		if n > 0 {
			h := strconv.Itoa(minBar + (barHeight-minBar)*(min(n, maxBar)-1)/(maxBar-1))
			b.WriteString("M" + strconv.Itoa(i*barWidth) + " " + strconv.Itoa(barHeight) + "v-" + h + "h2v" + h + "z")
		}
	}
	return b.String()
}
