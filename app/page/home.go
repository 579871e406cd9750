package page

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/inspect"
	"github.com/seawaykit/seaway/app/livelist"
	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/shared/chat"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/vitals"
)

// maxMessages is how many messages the page keeps. The log keeps the rest.
const maxMessages = 1000

// Routes registers the sample's page. load gives the server the snapshot to
// draw; it is nil in the browser, which finds it in the page.
func Routes(load func() Snapshot) {
	app.Route("/", func() app.Composer { return &home{load: load} })
}

// home is the page: the messages, a composer, the clock and the state of the
// stream. It owns the stream.
type home struct {
	app.Compo
	load func() Snapshot

	carried string // the snapshot's text
	room    string
	list    *livelist.List[event.Of[chat.Message]]
	tick    vitals.Tick
	draft   draft
	state   source.State
	mute    bool      // the browser has no EventSource
	now     time.Time // for the countdown to the next try
	local   bool      // whether times are shown in the reader's own zone

	stream *stream
}

// OnInit takes up the snapshot, before the first Render.
func (h *home) OnInit() {
	var s Snapshot
	if h.load != nil {
		s = h.load()
		h.carried = s.encode()
	} else {
		s, h.carried = readSnapshot()
		h.draft = readDraft()
	}
	h.room = s.Room
	h.list = livelist.New(maxMessages, func(m event.Of[chat.Message]) string { return m.Value.ID })
	for _, m := range s.Messages {
		h.list.Upsert(m)
	}
	h.tick = s.Tick
	h.state = source.State{Phase: source.Connecting, Position: s.Position}
}

// OnMount opens the stream. It runs in the browser only.
func (h *home) OnMount(ctx app.Context) {
	h.local = true
	h.stream = openStream(ctx, h)
	h.draft.restore()
	h.countDown(ctx)
}

// OnDismount closes the stream.
func (h *home) OnDismount() { h.stream.close() }

// countDown redraws once a second while a time to wait is shown.
func (h *home) countDown(ctx app.Context) {
	ctx.After(time.Second, func(ctx app.Context) {
		if h.state.Phase != source.Waiting {
			ctx.PreventUpdate()
		}
		h.now = time.Now()
		h.countDown(ctx)
	})
}

// Render draws the page.
func (h *home) Render() app.UI {
	return app.Div().Class("page").Body(
		app.Header().Class("bar").Body(
			app.H1().Text("Seaway"),
			app.P().Class("room").Text("#"+h.room),
			&clock{Tick: h.tick},
		),
		&statusLine{State: h.state, Mute: h.mute, Now: h.now},
		&updateBar{Phase: h.state.Phase, Skew: h.state.Skew},
		app.Main().Body(
			// The scroller runs backwards, which keeps its end in sight; the
			// list inside it runs forwards.
			app.Div().Class("messages").TabIndex(0).Body(
				app.Div().ID("messages").Role("log").Aria("label", "Messages").
					Body(livelist.View(h.list.Chunks(), messageRow{Local: h.local})...),
			),
			app.If(h.list.Len() == 0, func() app.UI {
				return app.P().Class("empty").Text("Nobody has written anything yet.")
			}),
		),
		&composer{Room: h.room},
		h.inspector(),
		carry(h.carried),
	)
}

// inspector is for developers, and closed until one of them opens it.
func (h *home) inspector() app.UI {
	if h.stream == nil {
		return &inspect.Panel{}
	}
	return &inspect.Panel{Source: h.stream.src, Record: h.stream.record}
}

// messageRow draws a message.
type messageRow struct {
	// Local shows times in the reader's zone; otherwise they are in UTC, which
	// is all that the server knows.
	Local bool
}

// Draw draws one message. Its texts are people's: go-app writes them as text
// nodes, and attr makes them safe as attributes.
func (r messageRow) Draw(m event.Of[chat.Message]) app.UI {
	at := m.Value.At.UTC()
	if r.Local {
		at = at.Local()
	}
	return app.Article().Class("message").DataSet("id", attr(m.Value.ID)).Body(
		app.Span().Class("author").Title(attr(m.Value.Author)).Text(m.Value.Author),
		app.Time().Class("at").DateTime(at.Format(time.RFC3339)).Text(at.Format("15:04")),
		app.P().Class("text").Text(m.Value.Text),
	)
}
