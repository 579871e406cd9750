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
	texts := adviceTexts[min(b.advice, reload.Stuck)]
	return app.Elem("div").ID("update").Class("seaway-update", b.advice.String()).Role("status").Body(
		app.If(texts.text != "", func() app.UI { return app.Elem("span").Text(texts.text) }),
		app.If(texts.button != "", func() app.UI {
			return app.Elem("button").ID("reload").Attr("type", "button").Text(texts.button).OnClick(reloadNow)
		}),
	)
}

func reloadNow(ctx app.Context, _ app.Event) { ctx.Reload() }

// adviceTexts are the texts for each advice, with a button where it would help.
var adviceTexts = [...]struct{ text, button string }{
	reload.Offer:      {"A new version of this page is there.", "Reload"},
	reload.AwaitBuild: {"This version of the page is too old to show what is new. The next one is being fetched.", ""},
	reload.AwaitInput: {"This version of the page is too old to show what is new. It reloads once what you have written is sent or removed.", "Reload without it"},
	reload.Soon:       {"This version of the page is too old to show what is new. It reloads in a moment.", "Reload now"},
	reload.Reload:     {"This version of the page is too old to show what is new. It reloads now.", ""},
	reload.Stuck:      {"This version of the page does not fit the server, and reloading has not helped.", "Reload"},
}
