package live

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp/reload"
	"github.com/seawaykit/seaway/app/source"
)

// reloadsKey is the sessionStorage key for the times of the page's reloads.
const reloadsKey = "seaway-reloads"

// UpdateBar draws a bar that says that the server has another build of the page,
// and reloads the page if this build cannot go on: package reload decides. It is
// empty while page and server agree. Its elements are #update and #reload.
func (p *Page) UpdateBar() app.UI {
	return &updateBar{Page: p, Phase: p.state.Phase, Skew: p.skew()}
}

type updateBar struct {
	app.Compo
	Page  *Page
	Phase source.Phase
	Skew  source.Skew

	ctx     app.Context
	plan    *reload.Plan
	cached  bool // a reload would start another build: it is cached
	ticking bool
	advice  reload.Advice
}

// OnMount reads the times of earlier reloads in this tab.
func (b *updateBar) OnMount(ctx app.Context) {
	var past []time.Time
	storage := ctx.SessionStorage()
	if err := storage.Get(reloadsKey, &past); err != nil {
		app.Log(err)
	}
	b.plan = reload.NewPlan(past, func(reloads []time.Time) error { return storage.Set(reloadsKey, reloads) })
	b.cached = ctx.AppUpdateAvailable() || !hasWorkers()
	b.ctx = ctx
}

// hasWorkers reports whether the browser lets the page have a service worker.
// Without one a reload always loads the server's own build.
func hasWorkers() bool { return app.Window().Get("navigator").Get("serviceWorker").Truthy() }

// OnUpdate runs with each new state. With each hello of another build it asks the
// service worker to fetch it: otherwise the worker checks when the page is loaded,
// or once a day.
func (b *updateBar) OnUpdate(app.Context) {
	if b.plan == nil || b.Skew == source.SkewSame && !b.ticking {
		return
	}
	if b.Skew != source.SkewSame && (b.Phase == source.Live || b.Phase == source.Incompatible) {
		app.TryUpdate()
	}
	b.review()
	if !b.ticking {
		b.ticking = true
		b.tick()
	}
}

// OnAppUpdate runs when the service worker has fetched another build and cached it
// in the place of this one.
func (b *updateBar) OnAppUpdate(app.Context) {
	b.cached = true
	b.review()
}

// tick reviews once a second while page and server disagree.
func (b *updateBar) tick() {
	b.ctx.After(time.Second, func(ctx app.Context) {
		before := b.advice
		b.review()
		if b.advice == before {
			ctx.PreventUpdate()
		}
		if b.ticking = b.Skew != source.SkewSame; b.ticking {
			b.tick()
		}
	})
}

// review asks the plan what to do, and does it.
func (b *updateBar) review() {
	if b.plan == nil {
		return
	}
	b.advice = b.plan.Next(reload.Situation{
		Skew: b.Skew, Cached: b.cached, Unsent: b.Page.unsent(), Now: time.Now(),
	})
	if b.advice == reload.Reload {
		b.ctx.Reload()
	}
}

// unsent reports whether a reload would lose input of the user.
func (p *Page) unsent() bool {
	return hasUnsentText() || p.opts.Unsent != nil && p.opts.Unsent()
}

// Render draws the bar. Its role makes screen readers announce a change.
func (b *updateBar) Render() app.UI {
	text, button := b.Page.opts.Words.advice(b.advice)
	return app.Elem("div").ID("update").Class("seaway-update", b.advice.String()).Role("status").Body(
		app.If(text != "", func() app.UI { return app.Elem("span").Text(text) }),
		app.If(button != "", func() app.UI {
			return app.Elem("button").ID("reload").Attr("type", "button").Text(button).OnClick(reloadNow)
		}),
	)
}

func reloadNow(ctx app.Context, _ app.Event) { ctx.Reload() }

// advice returns the text for an advice, with a button where it would help.
func (w *Words) advice(a reload.Advice) (text, button string) {
	switch a {
	case reload.Offer:
		return w.Update, w.Reload
	case reload.AwaitBuild:
		return w.UpdateFetching, ""
	case reload.AwaitInput:
		return w.UpdateTyped, w.ReloadAnyway
	case reload.Soon:
		return w.UpdateSoon, w.ReloadNow
	case reload.Reload:
		return w.UpdateNow, ""
	case reload.Stuck:
		return w.UpdateStuck, w.Reload
	}
	return "", ""
}
