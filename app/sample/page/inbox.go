package page

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
	"github.com/seawaykit/seaway/app/sample/words"
	"github.com/seawaykit/seaway/shared/sample/inbox"
)

// seenAfter is how long notices are visible before they count as read.
const seenAfter = 2 * time.Second

// inboxPage shows the user's notices. The server's HTML, which is the same for all
// users, has none.
type inboxPage struct {
	app.Compo
	Session   *session
	Words     *words.Words
	Notices   []inbox.Entry
	Unread    int
	Failure   string // why they could not be marked as read
	Loaded    bool   // the notices are there
	Anonymous bool   // the user is anonymous, and has no inbox
	Local     bool   // times are in the user's zone

	timerRunning bool
	dismounted   bool
}

// OnMount starts the timer after which notices count as read.
func (p *inboxPage) OnMount(ctx app.Context)  { p.startReadTimer(ctx) }
func (p *inboxPage) OnUpdate(ctx app.Context) { p.startReadTimer(ctx) }

// OnDismount stops the timer.
func (p *inboxPage) OnDismount() { p.dismounted = true }

// startReadTimer marks all notices as read once they have been visible for
// seenAfter. A page in the background does not count, nor is it tried again after the
// server has refused.
func (p *inboxPage) startReadTimer(ctx app.Context) {
	if p.timerRunning || p.Unread == 0 || p.Failure != "" {
		return
	}
	p.timerRunning = true
	ctx.After(seenAfter, func(ctx app.Context) {
		p.timerRunning = false
		if p.dismounted || p.Unread == 0 {
			return
		}
		if visible() {
			p.Session.setAllRead()
		} else {
			p.startReadTimer(ctx)
		}
	})
}

// visible reports whether the page is in the foreground.
func visible() bool {
	return document().Get("visibilityState").String() == "visible"
}

// Render draws the notices, the newest first.
func (p *inboxPage) Render() app.UI {
	w := &p.Words.Inbox
	return el("div").Class("inbox").Body(
		el("header").Class("title").Body(
			el("h1").Text(p.Words.Frame.Inbox),
			el("p").ID("inbox-state").Text(p.stateText()),
			// Always there, so that nothing moves: it only cannot be pressed.
			el("button").ID("read-all").Attr("type", "button").Class("quiet").Aria("disabled", ariaBool(p.Unread == 0)).
				Text(w.ReadAll).OnClick(p.readAll),
		),
		app.If(!p.Loaded && !p.Anonymous, func() app.UI { return skeleton() }),
		el("noscript").Body(el("p").Text(w.NeedsScript)),
		app.If(p.Loaded && len(p.Notices) == 0, func() app.UI {
			return el("p").Class("empty").Text(w.Empty)
		}),
		el("ol").ID("notices").Class("notices").Body(app.Range(p.Notices).Slice(func(i int) app.UI {
			return p.entry(p.Notices[i])
		})),
	)
}

func (p *inboxPage) stateText() string {
	switch {
	case p.Anonymous:
		return p.Words.Frame.NoCookie
	case !p.Loaded:
		return p.Words.Inbox.Loading
	case p.Failure != "":
		return words.Fill(p.Words.Inbox.StayUnread, p.Words.Frame.Unread.Of(p.Unread), p.Failure)
	case p.Unread > 0:
		return p.Words.Frame.Unread.Of(p.Unread)
	}
	return p.Words.Inbox.AllRead
}

func (p *inboxPage) readAll(app.Context, app.Event) {
	if p.Unread > 0 {
		p.Session.setAllRead()
	}
}

// skeleton draws a placeholder of the size of what will come.
func skeleton() app.UI {
	return el("div").Class("skeleton").Aria("hidden", ariaBool(true)).Body(
		el("span"), el("span"), el("span"),
	)
}

// entry draws a notice. Its texts are from users.
func (p *inboxPage) entry(e inbox.Entry) app.UI {
	n := e.Notice
	class := "notice"
	if p.Session.notices.state.IsUnread(e) {
		class = "notice unread"
	}
	return el("li").Class(class).DataSet("id", goapp.Attr(n.ID)).Body(
		avatar(n.From.ID, n.From.Name),
		el("p").Class("what").Body(
			el("b").Text(displayName(n.From.Name, p.Words)),
			el("span").Text(p.actionText(n)),
			app.If(n.Room != "", func() app.UI { return el("a").Attr("href", goapp.Attr(pathOf(n.Room))).Text("#" + n.Room) }),
			app.If(class != "notice", func() app.UI { return el("span").Class("new").Text(p.Words.Inbox.New) }),
		),
		timeElement(n.At, p.Local, &p.Words.Frame),
		app.If(n.Text != "", func() app.UI { return el("p").Class("text").Text(n.Text) }),
	)
}

// actionText returns what has happened, between the name and the room.
func (p *inboxPage) actionText(n inbox.Notice) string {
	switch n.Kind {
	case inbox.Mention:
		return p.Words.Inbox.Mentioned
	case inbox.Joined:
		return p.Words.Inbox.Joined
	}
	return " " + string(n.Kind) + " "
}
