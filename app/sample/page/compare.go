package page

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/sample/transports"
)

// redrawEvery is the time between two redraws: two of the chart's bars.
const redrawEvery = 2 * transports.BarTime

// comparePage measures four transports that follow one topic at once, while the
// page is visible, and shows the results.
type comparePage struct {
	app.Compo

	run          *transports.Run
	figures      *transports.Figures
	onVisibility app.Func // called when the visibility of the page changes
	paused       bool     // by the user
	dismounted   bool
}

// OnInit starts without results.
func (c *comparePage) OnInit() { c.figures = &transports.Figures{} }

// OnMount starts to measure. It runs in the browser only.
func (c *comparePage) OnMount(ctx app.Context) {
	c.run = transports.New()
	c.onVisibility = app.FuncOf(func(app.Value, []app.Value) any {
		ctx.Dispatch(func(app.Context) { c.startOrStop() })
		return nil
	})
	document().Call("addEventListener", "visibilitychange", c.onVisibility)
	c.startOrStop()
	c.redraw(ctx)
}

// OnDismount closes the connections.
func (c *comparePage) OnDismount() {
	if c.run == nil { // it was drawn by the server
		return
	}
	c.dismounted = true
	c.run.Stop()
	document().Call("removeEventListener", "visibilitychange", c.onVisibility)
	c.onVisibility.Release()
}

// startOrStop measures while the page is visible: in the background its
// connections would be missing elsewhere.
func (c *comparePage) startOrStop() {
	switch {
	case c.dismounted:
	case c.paused, document().Get("hidden").Bool():
		c.run.Stop()
	default:
		c.run.Start()
	}
}

// pause stops and resumes the measurement: what changes by itself must have a way
// to stop it.
func (c *comparePage) pause(app.Context, app.Event) {
	c.paused = !c.paused
	c.startOrStop()
}

// redraw updates the figures every redrawEvery, until the page is left.
func (c *comparePage) redraw(ctx app.Context) {
	ctx.After(redrawEvery, func(ctx app.Context) {
		if c.dismounted {
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
			el("p").Text("Polling, WebSocket and SSE side by side: the same messages, four a second, and what each of them costs."),
			el("noscript").Body(el("p").Text("Measuring needs JavaScript. What is said of each, and how it is measured, stands below.")),
		),
		transportTable{c.figures}.draw(c.pauseButton()),
		c.experiments(),
		claimTable(c.figures),
		method(),
	)
}

// experiments draws what the user can do to the connections.
func (c *comparePage) experiments() app.UI {
	return el("section").Class("experiments").Aria("label", "Experiments").Body(
		el("div").Class("card").Body(
			el("h2").Text("Lose the connections"),
			el("p").Text("The server resets the connections of all four, and of an EventSource and a WebSocket that nobody but the browser looks after."),
			experimentButton("drop", "Drop", "Dropping", c.figures.Drop.Stage).OnClick(c.drop),
			outcome("dropped", dropOutcome(c.figures)),
		),
		el("div").Class("card").Body(
			el("h2").Text("Talk back"),
			el("p").Text("Ten questions go to the server on a WebSocket that brings the messages too, and ten by POST, in turn."),
			experimentButton("talk", "Talk", "Talking", c.figures.RoundTrip.Stage).OnClick(c.roundTrip),
			outcome("talked", roundTripOutcome(c.figures)),
		),
	)
}

func (c *comparePage) drop(app.Context, app.Event)      { c.run.Drop() }
func (c *comparePage) roundTrip(app.Context, app.Event) { c.run.MeasureRoundTrip() }

// experimentButton draws the button of an experiment. It is not disabled while the
// experiment runs: a disabled button would lose the focus.
func experimentButton(id, text, busy string, stage transports.Stage) app.HTMLElem {
	trying := stage == transports.Running
	if trying {
		text = busy
	}
	return el("button").ID(id).Class("quiet").Attr("type", "button").Aria("disabled", ariaBool(trying)).Text(text)
}

func (c *comparePage) pauseButton() app.UI {
	text := "Pause"
	if c.paused {
		text = "Go on"
	}
	return el("button").ID("pause").Class("quiet").Attr("type", "button").Text(text).OnClick(c.pause)
}

// method draws how the figures are measured.
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
