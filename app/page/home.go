package page

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/attr"
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
	h.list = livelist.New(livelist.Options[event.Of[chat.Message]]{
		Key:   func(m event.Of[chat.Message]) string { return m.Value.ID },
		Limit: maxMessages,
	})
	for _, m := range s.Messages {
		h.list.Upsert(m)
	}
	h.tick = s.Tick
	h.state = source.State{Phase: source.Connecting, Position: s.Position}
}

// OnMount opens the stream. It runs in the browser only.
func (h *home) OnMount(ctx app.Context) {
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
			livelist.Show(h.list, messageRow{}, livelist.Frame{
				ID: "messages", Label: "Messages", Empty: "Nobody has written anything yet.",
				One: "message", Many: "messages", Title: "Seaway",
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
type messageRow struct{}

// Draw draws one message. Its texts are people's: go-app writes them as text
// nodes, and attr makes them safe as attributes.
func (messageRow) Draw(m event.Of[chat.Message], now livelist.Moment) app.UI {
	return app.Article().Class("message").DataSet("id", attr.Value(m.Value.ID)).Body(
		app.Span().Class("author").Title(attr.Value(m.Value.Author)).Text(m.Value.Author),
		livelist.Time(m.Value.At, now),
		app.P().Class("text").Text(m.Value.Text),
	)
}

// Time implements [livelist.Dated].
func (messageRow) Time(m event.Of[chat.Message]) time.Time { return m.Value.At }

// Say implements [livelist.Speaker].
func (messageRow) Say(m event.Of[chat.Message]) string {
	return "from " + m.Value.Author + ": " + m.Value.Text
}
