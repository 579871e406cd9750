package page

import (
	"cmp"
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
	"github.com/seawaykit/seaway/app/live"
	"github.com/seawaykit/seaway/app/sample/words"
	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/vitals"
)

// front is the first page: the server's time as a list, to which each second adds an
// event, and beside it what the browser's EventSource reports.
type front struct {
	app.Compo
	Words  *words.Words
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
	w := &f.Words.Front
	return el("div").Class("front").Body(
		el("header").Class("title").Body(
			el("h1").Text(w.Title),
			el("p").Text(w.About),
		),
		el("div").Class("panels").Body(f.list(), f.console()),
		f.explanations(),
		el("p").Class("further").Body(
			el("span").Text(w.Further),
			el("a").Attr("href", goapp.Attr(pathOf(chat.Rooms[0].Name))).Text(words.Fill(w.Write, chat.Rooms[0].Name)),
			el("span").Text(w.Or),
			el("a").Attr("href", "/compare").Text(w.Compare),
			el("span").Text(w.Stop),
		),
	)
}

// list draws the newest ticks. Screen readers are not told each of them.
func (f *front) list() app.UI {
	w := &f.Words.Front
	return el("section").Class("card", "told").Aria("labelledby", "told-title").Body(
		el("header").Body(
			el("h2").ID("told-title").Text(w.List),
			el("span").Class("about").Text(w.EachSecond),
		),
		el("ol").ID("ticks").Body(app.Range(f.Ticks).Slice(func(i int) app.UI {
			return el("li").Body(
				el("span").Text(f.Words.Frame.CurrentTime),
				secondsElement(f.Ticks[i].At, f.Local),
				el("span").Class("number").Text("#"+strconv.Itoa(f.Ticks[i].Number)),
			)
		})),
		el("noscript").Body(el("p").Text(w.NoScript)),
	)
}

// console draws what the EventSource has reported.
func (f *front) console() app.UI {
	w := &f.Words.Front
	return el("section").Class("console").Aria("labelledby", "console-title").Body(
		el("header").Body(
			el("h2").ID("console-title").Text(w.Console),
			el("button").ID("cut").Attr("type", "button").Aria("disabled", ariaBool(!f.canCut())).Text(w.Cut).OnClick(f.cut),
		),
		el("div").Class("lines").Role("region").Aria("label", goapp.Attr(w.Events)).TabIndex(0).Body(
			el("ol").ID("console").Body(app.Range(f.Lines).Slice(func(i int) app.UI { return f.line(f.Lines[i]) })),
		),
		el("pre").ID("frame").TabIndex(0).Role("group").Aria("label", goapp.Attr(w.Frame)).Text(f.Frame),
		f.counts(),
		app.If(f.failure != "", func() app.UI { return el("p").Class("failure").Role("alert").Text(f.failure) }),
	)
}

func (f *front) line(l consoleLine) app.UI {
	return el("li").Class(goapp.Attr("on-"+cmp.Or(l.Event, "dial"))).Body(
		secondsElement(l.At, f.Local),
		el("b").Text(l.Event),
		el("span").Class("ready").Text(readyText(l.ReadyState)),
		el("span").Class("detail").Text(f.detail(l)),
	)
}

// detail returns what a line says besides the event and the readyState.
func (f *front) detail(l consoleLine) string {
	switch {
	case l.Event != "error":
		return l.Detail
	case l.ReadyState == transport.ReadyClosed:
		return f.Words.Front.GivesUp
	}
	return f.Words.Front.Lost
}

// counts draws how the ticks have come.
func (f *front) counts() app.UI {
	a, w := f.Counts, &f.Words.Front
	return el("dl").ID("arrivals").Body(
		count(w.Received, a.Received), count(w.Missed, a.Missed), count(w.Repeated, a.Repeated), count(w.CaughtUp, a.CaughtUp),
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
			f.failure = f.Words.Language.Words.Message(err)
		}
	})
}
