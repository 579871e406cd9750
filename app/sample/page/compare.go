package page

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
	"github.com/seawaykit/seaway/app/sample/transports"
	"github.com/seawaykit/seaway/app/sample/words"
)

// redrawEvery is the time between two redraws: two of the chart's bars.
const redrawEvery = 2 * transports.BarTime

// comparePage measures four transports that follow one topic at once, while the
// page is visible, and shows the results.
type comparePage struct {
	app.Compo
	Words *words.Words

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
	w := &c.Words.Compare
	return el("div").Class("compare").Body(
		el("header").Class("title").Body(
			el("h1").Text(c.Words.Frame.Compare),
			el("p").Text(w.About),
			el("noscript").Body(el("p").Text(w.NeedsScript)),
		),
		transportTable{c.Words, c.figures}.draw(c.pauseButton()),
		c.experiments(),
		claimTable(w, c.figures),
		method(w),
	)
}

// experiments draws what the user can do to the connections.
func (c *comparePage) experiments() app.UI {
	w := &c.Words.Compare
	return el("section").Class("experiments").Aria("label", goapp.Attr(w.Experiments)).Body(
		el("div").Class("card").Body(
			el("h2").Text(w.DropTitle),
			el("p").Text(w.DropAbout),
			experimentButton("drop", w.Drop, w.Dropping, c.figures.Drop.Stage).OnClick(c.drop),
			outcome("dropped", c.dropOutcome(c.figures)),
		),
		el("div").Class("card").Body(
			el("h2").Text(w.TalkTitle),
			el("p").Text(w.TalkAbout),
			experimentButton("talk", w.Talk, w.Talking, c.figures.RoundTrip.Stage).OnClick(c.roundTrip),
			outcome("talked", c.roundTripOutcome(c.figures)),
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
	text := c.Words.Compare.Pause
	if c.paused {
		text = c.Words.Compare.GoOn
	}
	return el("button").ID("pause").Class("quiet").Attr("type", "button").Text(text).OnClick(c.pause)
}

// method draws how the figures are measured.
func method(w *words.Compare) app.UI {
	return el("section").Class("method").Body(
		el("h2").Text(w.Method),
		el("ul").Body(
			el("li").Text(w.Delay),
			el("li").Text(w.Bytes),
			el("li").Text(w.Connections),
			el("li").Text(w.Visible),
		),
	)
}
