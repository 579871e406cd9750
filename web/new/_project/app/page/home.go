// Package page is what people see. The server draws it first, from a Snapshot;
// the browser takes it over and follows the stream from there.
package page

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
	"github.com/seawaykit/seaway/app/guard"
	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"

	"example.com/me/app/shared/notes"
)

// Routes registers the page. load is the server's; the browser has none.
func Routes(load func() Snapshot) {
	app.Route("/", func() app.Composer { return &home{load: load} })
}

// home is the page.
type home struct {
	app.Compo
	load  func() Snapshot
	shown Snapshot
	phase source.Phase
	src   *source.Source
}

// OnInit takes the snapshot: the server loads it, the browser finds it in the page.
func (h *home) OnInit() {
	if h.load != nil {
		h.shown = h.load()
	} else {
		guard.Carried("snapshot", &h.shown)
	}
	h.phase = source.Connecting
}

// OnMount begins the stream. It runs in the browser only.
func (h *home) OnMount(ctx app.Context) {
	h.src = source.New(source.Options{Topics: []string{notes.Topic}, After: h.shown.After, Last: Last})
	h.follow(ctx)
	if err := h.src.Start(); err != nil {
		app.Log(err)
	}
}

// OnDismount ends the stream.
func (h *home) OnDismount() { h.src.Close() }

// follow says what an event changes. The source has a goroutine of its own;
// ctx.Dispatch brings what it tells to the page's.
func (h *home) follow(ctx app.Context) {
	source.On(h.src, notes.Written, func(e event.Of[notes.Note]) {
		ctx.Dispatch(func(app.Context) { h.shown.write(e) })
	})
	h.src.OnReset(func(wire.ResetInfo) { // what was shown is void; all is told again
		ctx.Dispatch(func(app.Context) { h.shown = Snapshot{} })
	})
	h.src.OnState(func(s source.State) {
		ctx.Dispatch(func(app.Context) { h.phase = s.Phase })
	})
}

// Render draws the page, on the server and in the browser.
func (h *home) Render() app.UI {
	return app.Main().Body(
		app.H1().Text("Notes"),
		app.P().ID("status").Class(h.phase.String()).Role("status").Text(h.phase.String()),
		app.Ol().ID("notes").Body(
			app.Range(h.shown.Notes).Slice(func(i int) app.UI { return row(h.shown.Notes[i]) }),
		),
		&composer{},
		guard.Carry("snapshot", h.shown),
	)
}

// row draws a note. Texts from people are safe as text; as an attribute they go
// through attr.Value.
func row(n event.Of[notes.Note]) app.UI {
	return app.Li().Body(
		app.Time().DateTime(n.Value.At.Format(time.RFC3339)).Text(n.Value.At.Format("15:04")),
		app.Span().Text(n.Value.Text),
	)
}
