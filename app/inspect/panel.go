package inspect

import (
	"cmp"
	"strconv"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
	"github.com/seawaykit/seaway/app/source"
)

// refresh is how often an open panel is redrawn: a redraw for each frame would
// cost more than it shows.
const refresh = 250 * time.Millisecond

// A Panel draws a record of a source. While it is closed it is an empty element.
type Panel struct {
	app.Compo
	Source *source.Source // nil while there is none
	Record *Record
	Words  *Words // default [English]

	open          bool
	paused        bool
	stopListening func()
}

// OnMount opens the panel if the page's address asks for it.
func (p *Panel) OnMount(ctx app.Context) {
	if app.Window().URL().Query().Has("inspect") {
		p.toggle(ctx)
	}
	p.stopListening = onKey(func() { ctx.Dispatch(p.toggle) })
}

// onKey calls fn when the panel's keys are pressed, until stop.
func onKey(fn func()) (unhook func()) {
	pressed := app.FuncOf(func(_ app.Value, args []app.Value) any {
		if e := args[0]; e.Get("code").String() == "KeyI" && e.Get("ctrlKey").Bool() && e.Get("altKey").Bool() {
			fn()
		}
		return nil
	})
	app.Window().Call("addEventListener", "keydown", pressed)
	return func() {
		app.Window().Call("removeEventListener", "keydown", pressed)
		pressed.Release()
	}
}

// OnDismount ends what OnMount began.
func (p *Panel) OnDismount() {
	p.open = false
	p.stopListening()
}

func (p *Panel) toggle(ctx app.Context) {
	if p.open = !p.open; p.open {
		p.tick(ctx)
	}
}

func (p *Panel) tick(ctx app.Context) {
	ctx.After(refresh, func(ctx app.Context) {
		if p.open {
			p.tick(ctx)
		}
	})
}

// Render draws the panel.
func (p *Panel) Render() app.UI {
	if !p.open || p.Source == nil {
		return app.Elem("div").Class("inspect")
	}
	state, w := p.Source.State(), p.words()
	report := p.Record.Report(time.Now(), state.Position)
	return app.Elem("aside").Class("inspect", "open").Aria("label", goapp.Attr(w.Panel)).Body(
		p.buttons(),
		facts(w, state, report),
		types(w, report.Types),
		lines(w.Connection, report.History),
		lines(w.Frames, report.Frames),
	)
}

func (p *Panel) words() *Words { return cmp.Or(p.Words, &English) }

func (p *Panel) buttons() app.UI {
	w := p.words()
	pause := w.GoOffline
	if p.paused {
		pause = w.GoOnline
	}
	return app.Elem("div").Class("drills").Body(
		app.Elem("button").ID("drill-drop").Text(w.Drop).OnClick(func(app.Context, app.Event) { p.Source.Drop() }),
		app.Elem("button").ID("drill-gap").Text(w.Gap).OnClick(func(app.Context, app.Event) { p.Source.Gap() }),
		app.Elem("button").ID("drill-pause").Text(pause).OnClick(func(app.Context, app.Event) {
			p.paused = !p.paused
			p.Source.Pause(p.paused)
		}),
		app.Elem("button").ID("drill-close").Text(w.Close).OnClick(func(ctx app.Context, _ app.Event) { p.toggle(ctx) }),
	)
}

func facts(w *Words, s source.State, r Report) app.UI {
	rows := [][3]string{
		{"state", w.State, s.Phase.String()},
		{"reason", w.Reason, s.Reason.Text},
		{"transport", w.Transport, s.Transport},
		{"schema", w.Schema, s.Skew.String()},
		{"server", w.Server, r.Build},
		{"position", w.Position, s.Position.String()},
		{"head", w.Newest, r.Head.String()},
		{"behind", w.Behind, strconv.FormatUint(r.Lag, 10)},
	}
	return app.Elem("dl").Body(app.Range(rows).Slice(func(i int) app.UI {
		return app.Elem("div").Body(app.Elem("dt").Text(rows[i][1]), app.Elem("dd").ID(goapp.Attr("inspect-"+rows[i][0])).Text(rows[i][2]))
	}))
}

func types(w *Words, all []Type) app.UI {
	return app.Elem("table").Body(
		app.Elem("thead").Body(app.Elem("tr").Body(app.Elem("th").Text(w.Type), app.Elem("th").Text(w.Count), app.Elem("th").Text(w.Rate))),
		app.Elem("tbody").Body(app.Range(all).Slice(func(i int) app.UI {
			t := all[i]
			return app.Elem("tr").Body(app.Elem("td").Text(t.Name), app.Elem("td").Text(t.Count), app.Elem("td").Text(strconv.FormatFloat(t.Rate, 'f', 1, 64)))
		})),
	)
}

// lines draws a list. The details are payloads of users, and drawn as text.
func lines(title string, all []Line) app.UI {
	return app.Elem("section").Body(
		app.Elem("h2").Text(title),
		app.Elem("ol").Body(app.Range(all).Slice(func(i int) app.UI {
			l := all[i]
			return app.Elem("li").Body(
				app.Elem("time").Text(l.At.Format("15:04:05.000")),
				app.Elem("b").Text(l.What),
				app.Elem("code").Text(l.ID),
				app.Elem("span").Text(l.Detail),
			)
		})),
	)
}
