package page

import (
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
	"github.com/seawaykit/seaway/app/sample/transports"
	"github.com/seawaykit/seaway/app/sample/words"
	"github.com/seawaykit/seaway/app/source"
)

// A transportTable shows the figures of the transports side by side. It has its
// full size before there are any, and no figure moves another. Like the other
// parts of the page it is not a component: each would be 20 kB of wasm, and all
// change together.
type transportTable struct {
	words   *words.Words
	figures *transports.Figures
}

// A figureRow is one figure of all transports.
type figureRow struct {
	id    string
	title func(*words.Compare) string
	text  func(*transports.Result) string
}

var figureRows = []figureRow{
	{"messages", func(w *words.Compare) string { return w.Messages }, func(r *transports.Result) string { return ifReceived(r, words.Whole(r.Messages)) }},
	{"missed", func(w *words.Compare) string { return w.Missed }, func(r *transports.Result) string { return ifReceived(r, words.Whole(r.Missed)) }},
	{"median", func(w *words.Compare) string { return w.Median }, func(r *transports.Result) string { return ifDelayed(r, transports.Millis(r.Median)) }},
	{"worst", func(w *words.Compare) string { return w.Worst }, func(r *transports.Result) string { return ifDelayed(r, transports.Millis(r.Worst)) }},
	{"requests", func(w *words.Compare) string { return w.Requests }, func(r *transports.Result) string { return ifUsed(r, words.Whole(r.Usage.Requests)) }},
	{"up", func(w *words.Compare) string { return w.Up }, func(r *transports.Result) string { return ifCounted(r, transports.Size(r.Usage.In)) }},
	{"down", func(w *words.Compare) string { return w.Down }, func(r *transports.Result) string { return ifCounted(r, transports.Size(r.Usage.Out)) }},
	{"each", func(w *words.Compare) string { return w.Each }, func(r *transports.Result) string { return ifCounted(r, transports.Size(r.Down())) }},
	{"held", func(w *words.Compare) string { return w.Held }, func(r *transports.Result) string { return ifUsed(r, words.Whole(r.Usage.Held)) }},
	{"reconnects", func(w *words.Compare) string { return w.Reconnects }, func(r *transports.Result) string { return ifReceived(r, words.Whole(r.Reconnects)) }},
	{"caught", func(w *words.Compare) string { return w.CaughtUp }, func(r *transports.Result) string { return ifReceived(r, words.Whole(r.CaughtUp)) }},
}

// draw draws the table, and below it how long and how exactly was measured.
func (t transportTable) draw(button app.UI) app.UI {
	w := &t.words.Compare
	return el("section").Class("card", "transports").Aria("labelledby", "transports").Body(
		el("h2").ID("transports").Class("unseen").Text(w.Transports),
		el("table").Body(
			el("thead").Body(el("tr").Body(
				el("td"),
				app.Range(transports.Kinds).Slice(func(i int) app.UI {
					return el("th").Attr("scope", "col").Body(el("b").Text(w.Names[i]), el("span").Text(w.Abouts[i]))
				}),
			)),
			el("tbody").Body(
				el("tr").Class("states").Body(t.cells("state", w.State, t.state)...),
				el("tr").Class("arrivals").Aria("hidden", ariaBool(true)).Body(t.cells("", w.Arrivals, arrivals)...),
				app.Range(figureRows).Slice(func(i int) app.UI {
					row := figureRows[i]
					return el("tr").Body(t.cells(row.id, row.title(w), func(r *transports.Result) app.UI { return app.Text(row.text(r)) })...)
				}),
			),
		),
		el("div").Class("foot").Body(
			el("span").ID("running").Text(words.Fill(w.MeasuredFor, t.running())),
			el("span").ID("clock-off").Text(words.Fill(w.ClocksRead, t.clockError())),
			el("span").Class("failure").Text(failureText(t.words, t.figures.Failure)),
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
			cell = cell.ID(goapp.Attr(id + "-" + string(kind)))
		}
		cells = append(cells, cell.Body(draw(t.figures.Result(kind))))
	}
	return cells
}

func (t transportTable) state(r *transports.Result) app.UI {
	return el("span").Class("state", r.Phase.String()).Text(stateText(&t.words.Compare, r.Phase))
}

// stateText returns a short text for a phase, so that a phone has space for four.
func stateText(w *words.Compare, p source.Phase) string {
	switch p {
	case source.Idle:
		return transports.Dash
	case source.Connecting:
		return w.Opening
	case source.Live:
		return w.Live
	case source.Stale:
		return w.Checking
	case source.Waiting:
		return w.Waiting
	case source.Offline:
		return w.Offline
	}
	return w.Closed
}

func (t transportTable) running() string {
	if t.figures.Elapsed == 0 {
		return transports.Dash
	}
	return words.Whole(int(t.figures.Elapsed.Seconds())) + " s"
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
