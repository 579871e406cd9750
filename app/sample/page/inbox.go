package page

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/attr"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/inbox"
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
	Nobody  bool // the reader is, and has no inbox
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
	return document().Get("visibilityState").String() == "visible"
}

// Render draws the notices, the newest first.
func (p *inboxPage) Render() app.UI {
	return el("div").Class("inbox").Body(
		el("header").Class("title").Body(
			el("h1").Text("Inbox"),
			el("p").ID("inbox-state").Text(p.words()),
			// Always there, so that nothing moves: it only cannot be pressed.
			el("button").ID("read-all").Attr("type", "button").Class("quiet").Aria("disabled", truth(p.Unread == 0)).
				Text("Mark all read").OnClick(p.readAll),
		),
		app.If(!p.Known && !p.Nobody, func() app.UI { return waiting() }),
		el("noscript").Body(el("p").Text("It takes JavaScript to fetch it.")),
		app.If(p.Known && len(p.Notices) == 0, func() app.UI {
			return el("p").Class("empty").Text("Nothing yet. You hear of it here when somebody writes @ and your name in a room, and when somebody new picks a name.")
		}),
		el("ol").ID("notices").Class("notices").Body(app.Range(p.Notices).Slice(func(i int) app.UI {
			return p.entry(p.Notices[i])
		})),
	)
}

func (p *inboxPage) words() string {
	switch {
	case p.Nobody:
		return noCookie
	case !p.Known:
		return "Your browser fetches it: it is nobody’s but yours"
	case p.Unread > 0:
		return short(p.Unread) + " unread"
	}
	return "All read"
}

func (p *inboxPage) readAll(app.Context, app.Event) {
	if p.Unread > 0 {
		p.Tab.markRead()
	}
}

// waiting stands in for what is not there yet, at the size of what will come.
func waiting() app.UI {
	return el("div").Class("skeleton").Aria("hidden", truth(true)).Body(
		el("span"), el("span"), el("span"),
	)
}

// entry draws a notice. Its texts are people's.
func (p *inboxPage) entry(e event.Of[inbox.Notice]) app.UI {
	n := e.Value
	class := "notice"
	if p.Tab.notices.isUnread(e) {
		class = "notice unread"
	}
	return el("li").Class(class).DataSet("id", attr.Value(n.ID)).Body(
		avatar(n.From.ID, n.From.Name),
		el("p").Class("what").Body(
			el("b").Text(called(n.From.Name)),
			el("span").Text(said(n)),
			app.If(n.Room != "", func() app.UI { return el("a").Attr("href", pathOf(n.Room)).Text("#" + n.Room) }),
			app.If(class != "notice", func() app.UI { return el("span").Class("new").Text("new") }),
		),
		when(n.At, p.Local),
		app.If(n.Text != "", func() app.UI { return el("p").Class("text").Text(n.Text) }),
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
	return el("time").Class("at").Attr("datetime", at.Format(time.RFC3339)).Title(at.Format("2 January 2006, 15:04:05 MST")).Text(at.Format("15:04"))
}
