package page

import (
	"sync"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/inspect"
	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

// Routes registers the sample's pages. load gives the server the snapshot to
// draw; it is nil in the browser, which finds it in the page.
func Routes(load func() Snapshot) {
	for _, path := range paths() {
		app.Route(path, func() app.Composer { return &root{Path: path, load: load} })
	}
}

// theTab is the one of the browser's tab.
var theTab = sync.OnceValue(func() *tab {
	t := newTab(readSnapshot())
	t.draft = readDraft()
	return t
})

// root is every page: a shell around one of the views. It is one component for
// all of them, so that go-app keeps it, and what it holds, when the reader goes
// from page to page, and only the view is drawn anew.
type root struct {
	app.Compo
	Path string
	load func() Snapshot

	tab *tab
	now time.Time // for the countdown to the next try
}

// OnInit takes up the snapshot, before the first Render.
func (r *root) OnInit() {
	if r.load == nil {
		r.tab = theTab()
		return
	}
	s := r.load()
	r.tab = newTab(s, s.encode())
}

// OnMount opens the stream. It runs in the browser only.
func (r *root) OnMount(ctx app.Context) {
	r.tab.open(ctx)
	r.tab.draft.restore()
	r.countDown(ctx)
}

// OnDismount closes it: the reader has gone where there is no page.
func (r *root) OnDismount() { r.tab.close() }

// OnNav runs on the server, and in the browser for each page that is gone to.
func (r *root) OnNav(ctx app.Context) {
	ctx.Page().SetTitle(titleOf(r.Path) + " · Seaway")
	if app.IsServer {
		return
	}
	r.attend()
	if r.now.IsZero() { // the page that was loaded
		r.now = time.Now()
		return
	}
	ctx.Defer(func(app.Context) { show("content") })
}

// attend has the other rooms count what comes: nobody sees it.
func (r *root) attend() {
	for name, list := range r.tab.rooms {
		if viewOf(r.Path) != messagesView || name != roomOf(r.Path) {
			list.Attend(false)
		}
	}
}

// show moves the reader to the top of an element, with the keyboard, as a load
// of a page would.
func show(id string) {
	if e := app.Window().GetElementByID(id); e.Truthy() {
		app.Window().Call("scrollTo", 0, 0)
		e.Call("focus", map[string]any{"preventScroll": true})
	}
}

// countDown redraws once a second while a time to wait is shown.
func (r *root) countDown(ctx app.Context) {
	ctx.After(time.Second, func(ctx app.Context) {
		if r.tab.state.Phase != source.Waiting {
			ctx.PreventUpdate()
		}
		r.now = time.Now()
		r.countDown(ctx)
	})
}

// Render draws the page.
func (r *root) Render() app.UI {
	t := r.tab
	rooms, messages := t.unread()
	return el("div").Class("page", "at-"+string(viewOf(r.Path)), t.state.Phase.String()).Body(
		el("a").Class("skip").Attr("href", "#content").Text("Skip to the content").
			OnClick(func(app.Context, app.Event) { show("content") }),
		el("header").Class("bar").Body(
			el("a").Class("brand").Attr("href", "/").Text("Seaway"),
			&navigation{Path: r.Path, Messages: messages, Notices: t.notices.unread()},
			&statusLine{State: t.state, Mute: t.mute, Now: r.now},
			&clock{Tick: t.tick},
		),
		el("p").Class("old").Text("Not live: what you see may be old"),
		&updateBar{Tab: t, Phase: t.state.Phase, Skew: t.state.Skew},
		el("main").ID("content").TabIndex(-1).Body(r.view(rooms)),
		r.inspector(),
		carry(t.carried),
	)
}

// view draws what the path names.
func (r *root) view(unread [maxRooms]int) app.UI {
	t := r.tab
	switch viewOf(r.Path) {
	case dashboardView:
		return &dashboard{Samples: t.samples, Tick: t.tick, Here: t.here}
	case inboxView:
		return &inboxPage{Tab: t, Notices: t.notices.all, Unread: t.notices.unread(), Known: t.known, Nobody: t.nobody(), Local: t.local}
	case compareView:
		return &comparePage{}
	}
	room := roomOf(r.Path)
	return &messages{
		Tab: t, Room: room, Version: t.rooms[room].Version(), Unread: unread,
		Phase: t.state.Phase, Here: t.here, Me: t.me,
	}
}

// about says what a room is for.
func about(room string) string {
	for _, r := range chat.Rooms {
		if r.Name == room {
			return r.About
		}
	}
	return ""
}

// inspector is for developers, and closed until one of them opens it.
func (r *root) inspector() app.UI {
	if r.tab.feed == nil {
		return &inspect.Panel{}
	}
	return &inspect.Panel{Source: r.tab.feed.src, Record: r.tab.record}
}
