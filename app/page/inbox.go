package page

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/inbox"
)

// seenAfter is how long notices are before the reader's eyes until they count
// as read.
const seenAfter = 2 * time.Second

// inboxPage shows the reader's notices. They are nobody else's, so the server,
// which draws a page for whoever asks, draws it without them.
type inboxPage struct {
	app.Compo
	Tab     *tab
	Notices []event.Of[inbox.Notice]
	Unread  int
	Known   bool // Notices are all that there are
	Local   bool // times are in the reader's zone

	watching bool
	gone     bool
}

// OnMount and OnUpdate begin to count the time for which notices are seen.
func (p *inboxPage) OnMount(ctx app.Context)  { p.watch(ctx) }
func (p *inboxPage) OnUpdate(ctx app.Context) { p.watch(ctx) }

// OnDismount ends it.
func (p *inboxPage) OnDismount() { p.gone = true }

// watch marks what there is as read once it has been seen. A page in the
// background is not seen.
func (p *inboxPage) watch(ctx app.Context) {
	if p.watching || p.Unread == 0 {
		return
	}
	p.watching = true
	ctx.After(seenAfter, func(ctx app.Context) {
		p.watching = false
		if p.gone || p.Unread == 0 {
			return
		}
		if visible() {
			p.Tab.markRead()
		} else {
			p.watch(ctx)
		}
	})
}

// visible reports whether the page is in the foreground.
func visible() bool {
	return app.Window().Get("document").Get("visibilityState").String() == "visible"
}

// Render draws the notices, the newest first.
func (p *inboxPage) Render() app.UI {
	return app.Div().Class("inbox").Body(
		app.Header().Class("title").Body(
			app.H1().Text("Inbox"),
			app.P().ID("inbox-state").Text(p.words()),
			// Always there, so that nothing moves: it only cannot be pressed.
			app.Button().ID("read-all").Type("button").Class("quiet").Aria("disabled", truth(p.Unread == 0)).
				Text("Mark all read").OnClick(p.readAll),
		),
		app.If(!p.Known, func() app.UI { return waiting() }),
		app.If(p.Known && len(p.Notices) == 0, func() app.UI {
			return app.P().Class("empty").Text("Nothing yet. Somebody who writes @ and your name in a room is told of here, and whoever is new.")
		}),
		app.Ol().ID("notices").Class("notices").Body(app.Range(p.Notices).Slice(func(i int) app.UI {
			return p.entry(p.Notices[i])
		})),
	)
}

func (p *inboxPage) words() string {
	switch {
	case !p.Known:
		return "Yours alone, so it is not part of the page that everybody gets"
	case p.Unread > 0:
		return short(p.Unread) + " unread"
	}
	return "All read"
}

// truth writes a state of ARIA: go-app writes a false one of its own as if it
// were true.
func truth(v bool) string {
	if v {
		return "true"
	}
	return "false"
}

func (p *inboxPage) readAll(app.Context, app.Event) {
	if p.Unread > 0 {
		p.Tab.markRead()
	}
}

// waiting stands in for what is not there yet, at the size of what will come.
func waiting() app.UI {
	return app.Div().Class("skeleton").Aria("hidden", "true").Body(
		app.Span(), app.Span(), app.Span(),
	)
}

// entry draws a notice. Its texts are people's.
func (p *inboxPage) entry(e event.Of[inbox.Notice]) app.UI {
	n := e.Value
	class := "notice"
	if p.Tab.notices.isUnread(e) {
		class = "notice unread"
	}
	return app.Li().Class(class).DataSet("id", attr(n.ID)).Body(
		avatar(n.From.ID, n.From.Name),
		app.P().Class("what").Body(
			app.B().Text(called(n.From.Name)),
			app.Span().Text(said(n)),
			app.If(n.Room != "", func() app.UI { return app.A().Href(pathOf(n.Room)).Text("#" + n.Room) }),
			app.If(class != "notice", func() app.UI { return app.Span().Class("new").Text("new") }),
		),
		when(n.At, p.Local),
		app.If(n.Text != "", func() app.UI { return app.P().Class("text").Text(n.Text) }),
	)
}

// said is what has happened, between the name and the room.
func said(n inbox.Notice) string {
	switch n.Kind {
	case inbox.Mention:
		return " mentioned you in "
	case inbox.Joined:
		return " is new here "
	}
	return " " + string(n.Kind) + " "
}

// when draws a time of day: in UTC, which is all that the server knows, or in
// the reader's zone.
func when(at time.Time, local bool) app.UI {
	at = at.UTC()
	if local {
		at = at.Local()
	}
	return app.Time().Class("at").DateTime(at.Format(time.RFC3339)).Title(at.Format("2 January 2006, 15:04:05 MST")).Text(at.Format("15:04"))
}
