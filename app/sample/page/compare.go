package page

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/sample/transports"
)

// redrawEvery is the time between two drawings: two of the chart's bars.
const redrawEvery = 2 * transports.BarTime

// comparePage follows one topic in four ways at once, for as long as it is looked
// at, and shows what each is worth.
type comparePage struct {
	app.Compo

	run     *transports.Run
	figures *transports.Figures
	look    app.Func // whether the page is seen has changed
	paused  bool     // by the reader
	left    bool
}

// OnInit begins with nothing measured.
func (c *comparePage) OnInit() { c.figures = &transports.Figures{} }

// OnMount begins to measure. It runs in the browser only.
func (c *comparePage) OnMount(ctx app.Context) {
	c.run = transports.New()
	c.look = app.FuncOf(func(app.Value, []app.Value) any {
		ctx.Dispatch(func(app.Context) { c.attend() })
		return nil
	})
	document().Call("addEventListener", "visibilitychange", c.look)
	c.attend()
	c.redraw(ctx)
}

// OnDismount closes the lanes.
func (c *comparePage) OnDismount() {
	if c.run == nil { // it was drawn by the server
		return
	}
	c.left = true
	c.run.Stop()
	document().Call("removeEventListener", "visibilitychange", c.look)
	c.look.Release()
}

// attend measures while the page is seen: another tab needs the connections, and
// nobody the figures.
func (c *comparePage) attend() {
	switch {
	case c.left:
	case c.paused, document().Get("hidden").Bool():
		c.run.Stop()
	default:
		c.run.Start()
	}
}

// pause stops and goes on: what changes by itself must have a way to be still.
func (c *comparePage) pause(app.Context, app.Event) {
	c.paused = !c.paused
	c.attend()
}

// redraw takes the figures, now and then, until the page is left.
func (c *comparePage) redraw(ctx app.Context) {
	ctx.After(redrawEvery, func(ctx app.Context) {
		if c.left {
			return
		}
		c.figures = c.run.Figures()
		c.redraw(ctx)
	})
}

// Render draws the page.
func (c *comparePage) Render() app.UI {
	return el("div").Class("compare").Body(
		el("header").Class("title").Body(
			el("h1").Text("Compare"),
			el("p").Text("Polling, WebSocket and SSE side by side: the same messages, four a second, and what each way costs to hear them."),
			el("noscript").Body(el("p").Text("Measuring needs JavaScript. What is said of each, and how it is measured, stands below.")),
		),
		laneTable{c.figures}.draw(c.pauseButton()),
		c.experiments(),
		claimTable(c.figures),
		method(),
	)
}

// experiments are what the reader can do to the lanes.
func (c *comparePage) experiments() app.UI {
	return el("section").Class("experiments").Aria("label", "Experiments").Body(
		el("div").Class("card").Body(
			el("h2").Text("Lose the connections"),
			el("p").Text("The server resets the connections of all four, and of an EventSource and a WebSocket that nobody but the browser looks after."),
			experimentButton("drop", "Drop", "Dropping", c.figures.Drop.Stage).OnClick(c.drop),
			outcome("dropped", dropped(c.figures)),
		),
		el("div").Class("card").Body(
			el("h2").Text("Talk back"),
			el("p").Text("Ten questions go to the server on a WebSocket that brings the messages too, and ten by POST, in turn."),
			experimentButton("talk", "Talk", "Talking", c.figures.Talk.Stage).OnClick(c.talk),
			outcome("talked", talked(c.figures)),
		),
	)
}

func (c *comparePage) drop(app.Context, app.Event) { c.run.Drop() }
func (c *comparePage) talk(app.Context, app.Event) { c.run.Talk() }

// experimentButton stays where it is while it works: one that is disabled would
// lose the keyboard.
func experimentButton(id, text, busy string, stage transports.Stage) app.HTMLElem {
	trying := stage == transports.Trying
	if trying {
		text = busy
	}
	return el("button").ID(id).Class("quiet").Attr("type", "button").Aria("disabled", truth(trying)).Text(text)
}

func (c *comparePage) pauseButton() app.UI {
	text := "Pause"
	if c.paused {
		text = "Go on"
	}
	return el("button").ID("pause").Class("quiet").Attr("type", "button").Text(text).OnClick(c.pause)
}

// method says how it is done, for those who do not believe it.
func method() app.UI {
	return el("section").Class("method").Body(
		el("h2").Text("How it is measured"),
		el("ul").Body(
			el("li").Text("Delay: from the making of a message, by the server’s clock, to the page’s own function, by the page’s. The page reads the server’s clock once a second, and is off by at most half the round trip of its quickest question."),
			el("li").Text("Bytes: of the TCP connections, as the server’s kernel counts them, HTTP and all. The page’s questions for them are not among them."),
			el("li").Text("Connections: over HTTP/1.1 a browser opens six to a host. This page needs one for its own stream, one each for SSE and long polling, one now and then for polls and questions, and one more during a drop. Over HTTP/2 all share one, whose bytes nobody can tell apart, and which is not cut."),
			el("li").Text("The page measures while it is seen. In the background it holds no lane open, and nothing is sent to it."),
		),
	)
}
