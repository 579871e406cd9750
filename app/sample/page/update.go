package page

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/update"
)

// reloadsKey is where the tab keeps when the page reloaded itself.
const reloadsKey = "reloads"

// updateBar tells that the server has another build of the page, and loads it
// where this one cannot go on. It is not there while the two agree.
type updateBar struct {
	app.Compo
	Tab   *tab
	Phase source.Phase
	Skew  source.Skew

	ctx     app.Context
	plan    *update.Plan
	held    bool // a reload would start another build
	ticking bool
	advice  update.Advice
}

// OnMount takes up what earlier lives of the page have left in the tab.
func (b *updateBar) OnMount(ctx app.Context) {
	var past []time.Time
	storage := ctx.SessionStorage()
	if err := storage.Get(reloadsKey, &past); err != nil {
		app.Log(err)
	}
	b.plan = update.NewPlan(past, func(reloads []time.Time) error { return storage.Set(reloadsKey, reloads) })
	b.held = ctx.AppUpdateAvailable() || !hasWorkers()
	b.ctx = ctx
}

// hasWorkers reports whether the browser lets the page have a service worker.
// Without one nothing stands between the page and the server's own build.
func hasWorkers() bool { return app.Window().Get("navigator").Get("serviceWorker").Truthy() }

// OnUpdate runs when the home component hands down another state. With each
// hello of another build the service worker is asked to fetch it: by itself it
// would look for one when the page is loaded, or once a day.
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

// OnAppUpdate runs when the service worker has fetched another build, and holds
// it in the place of this one.
func (b *updateBar) OnAppUpdate(app.Context) {
	b.held = true
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
	b.advice = b.plan.Next(update.Situation{
		Skew: b.Skew, Held: b.held, Unsent: b.unsent(), Now: time.Now(),
	})
	if b.advice == update.Reload {
		b.ctx.Reload()
	}
}

// unsent reports whether a reload would lose what the reader has written.
func (b *updateBar) unsent() bool {
	return field(textID).text() != "" || field(editID).text() != "" || b.Tab.unsent() || len(b.Tab.drafts) > 0
}

// Render draws the bar. Its role makes screen readers announce a change.
func (b *updateBar) Render() app.UI {
	words := advised[b.advice]
	return el("div").ID("update").Class("update", b.advice.String()).Role("status").Body(
		app.If(words.text != "", func() app.UI { return el("span").Text(words.text) }),
		app.If(words.button != "", func() app.UI {
			return el("button").ID("reload").Attr("type", "button").Text(words.button).OnClick(reload)
		}),
	)
}

func reload(ctx app.Context, _ app.Event) { ctx.Reload() }

// advised are the words for each advice. There is a button where it would help.
var advised = map[update.Advice]struct{ text, button string }{
	update.Offer:  {"A new version of this page is there.", "Reload"},
	update.Await:  {"This version of the page is too old to show what is new. The next one is being fetched.", ""},
	update.Hold:   {"This version of the page is too old to show what is new. It reloads once your message is sent or removed.", "Reload without it"},
	update.Soon:   {"This version of the page is too old to show what is new. It reloads in a moment.", "Reload now"},
	update.Reload: {"This version of the page is too old to show what is new. It reloads now.", ""},
	update.Stuck:  {"This version of the page does not fit the server, and reloading has not helped.", "Reload"},
}
