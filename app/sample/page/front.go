package page

import (
	"cmp"
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/live"
	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/vitals"
)

// front is the first page: the server's time as a list, to which each second adds an
// event, and beside it what the browser's EventSource reports.
type front struct {
	app.Compo
	Ticks  []vitals.Tick // the newest first
	Counts tickCounts
	Lines  []consoleLine // the newest first
	Frame  string        // of the newest event, as it came
	Phase  source.Phase
	Local  bool // times are in the user's zone

	cutting bool   // the request is on its way
	failure string // why the server has refused
}

// Render draws the page.
func (f *front) Render() app.UI {
	return el("div").Class("front").Body(
		el("header").Class("title").Body(
			el("h1").Text("Server-Sent Events, live"),
			el("p").Text("A Go server sends its time once a second. This page, Go compiled to WebAssembly, receives it through the browser’s EventSource."),
		),
		el("div").Class("panels").Body(f.list(), f.console()),
		f.explanations(),
		el("p").Class("further").Body(
			el("span").Text("The same stream carries everything else: "),
			el("a").Attr("href", pathOf(chat.Rooms[0].Name)).Text("write a message in #lobby"),
			el("span").Text(", or have "),
			el("a").Attr("href", "/compare").Text("polling, WebSocket and SSE compared"),
			el("span").Text("."),
		),
	)
}

// list draws the newest ticks. Screen readers are not told each of them.
func (f *front) list() app.UI {
	return el("section").Class("card", "told").Aria("labelledby", "told-title").Body(
		el("header").Body(
			el("h2").ID("told-title").Text("The list"),
			el("span").Class("about").Text("each second adds a line"),
		),
		el("ol").ID("ticks").Body(app.Range(f.Ticks).Slice(func(i int) app.UI {
			return el("li").Body(
				el("span").Text("Current time is "),
				secondsElement(f.Ticks[i].At, f.Local),
				el("span").Class("number").Text("#"+strconv.Itoa(f.Ticks[i].Number)),
			)
		})),
		el("noscript").Body(el("p").Text("Without JavaScript the list stands still. Load the page again for the newest times.")),
	)
}

// console draws what the EventSource has reported.
func (f *front) console() app.UI {
	return el("section").Class("console").Aria("labelledby", "console-title").Body(
		el("header").Body(
			el("h2").ID("console-title").Text("The console"),
			el("button").ID("cut").Attr("type", "button").Aria("disabled", ariaBool(!f.canCut())).Text("Cut the connection").OnClick(f.cut),
		),
		el("div").Class("lines").Role("region").Aria("label", "Events of the EventSource").TabIndex(0).Body(
			el("ol").ID("console").Body(app.Range(f.Lines).Slice(func(i int) app.UI { return f.line(f.Lines[i]) })),
		),
		el("pre").ID("frame").TabIndex(0).Role("group").Aria("label", "The newest event’s frame, as it came over the wire").Text(f.Frame),
		f.counts(),
		app.If(f.failure != "", func() app.UI { return el("p").Class("failure").Role("alert").Text(f.failure) }),
	)
}

func (f *front) line(l consoleLine) app.UI {
	return el("li").Class("on-"+cmp.Or(l.Event, "dial")).Body(
		secondsElement(l.At, f.Local),
		el("b").Text(l.Event),
		el("span").Class("ready").Text(readyText(l.ReadyState)),
		el("span").Class("detail").Text(l.Detail),
	)
}

// counts draws how the ticks have come.
func (f *front) counts() app.UI {
	a := f.Counts
	return el("dl").ID("arrivals").Body(
		count("received", a.Received), count("missed", a.Missed), count("repeated", a.Repeated), count("caught up", a.CaughtUp),
	)
}

func count(name string, n int) app.UI {
	return el("div").Body(el("dt").Text(name), el("dd").Text(strconv.Itoa(n)))
}

func (f *front) canCut() bool { return f.Phase == source.Live && !f.cutting }

// cut has the server cut the connection.
func (f *front) cut(ctx app.Context, _ app.Event) {
	if !f.canCut() {
		return
	}
	f.cutting, f.failure = true, ""
	live.Call(ctx, vitals.Cut, vitals.CutRequest{}, func(_ vitals.CutReply, err error) {
		if f.cutting = false; err != nil {
			f.failure = fault.Message(err)
		}
	})
}
