package page

import (
	"cmp"
	"strings"
	"sync"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
	"github.com/seawaykit/seaway/app/inspect"
	"github.com/seawaykit/seaway/app/live"
	"github.com/seawaykit/seaway/app/sample/words"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

// Routes are the sample's pages.
var Routes = live.Routes{
	frontPath:             newPage,
	"/dashboard":          newPage,
	"/inbox":              newPage,
	"/compare":            newPage,
	roomPath + "{room}":   newPage,
	boardPath + "{board}": newPage,
	live.NotFound:         func(v live.Request) app.Composer { return &root{Path: v.Path()} },
}

// newPage returns nil for a room or a board that does not exist.
func newPage(v live.Request) app.Composer {
	if viewOf(v.Path()) == missingView {
		return nil
	}
	return &root{Path: v.Path()}
}

// theSession is the session of the browser's tab, which begins with its first page.
var theSession = sync.OnceValue(func() *session { return newSession(live.Path()) })

// root is every page: a shell around one of the views. One component for all pages
// makes go-app keep it, and its state, when the user goes from page to page, and
// redraw only the view.
type root struct {
	app.Compo
	Path string

	session *session
	loaded  bool // the first page has been shown
}

// OnInit takes what the server draws, before the first Render: the server begins a
// session for each page that it draws, the browser one for all.
func (r *root) OnInit() {
	if app.IsServer {
		r.session = newSession(r.Path)
	} else {
		r.session = theSession()
	}
}

// OnMount opens the stream. It runs in the browser only.
func (r *root) OnMount(ctx app.Context) { r.session.open(ctx) }

// OnDismount closes the stream: the user has left the pages.
func (r *root) OnDismount() { r.session.page.Close() }

// OnUpdate keeps the root, with the session, when the user goes from page to page.
func (r *root) OnUpdate(app.Context) {}

// OnNav runs on the server, and in the browser for each page.
func (r *root) OnNav(ctx app.Context) {
	w := r.session.words
	ctx.Page().SetTitle(titleOf(r.Path, w) + " · Seaway")
	ctx.Page().SetDescription(w.Frame.Description)
	if app.IsServer {
		return
	}
	r.session.show(r.Path)
	r.leaveHiddenRooms()
	if r.loaded {
		ctx.Defer(func(app.Context) { focusTop("content") })
	}
	r.loaded = true
}

// leaveHiddenRooms makes new messages of the rooms that are not shown count as
// unread.
func (r *root) leaveHiddenRooms() {
	for name, list := range r.session.rooms {
		if viewOf(r.Path) != messagesView || name != roomOf(r.Path) {
			list.SetAtEnd(false)
		}
	}
}

// focusTop scrolls to the top and moves the focus to an element, as loading a page
// would.
func focusTop(id string) {
	if e := app.Window().GetElementByID(id); e.Truthy() {
		app.Window().Call("scrollTo", 0, 0)
		e.Call("focus", map[string]any{"preventScroll": true})
	}
}

// Render draws the page.
func (r *root) Render() app.UI {
	s := r.session
	w := &s.words.Frame
	phase := s.page.State().Phase
	rooms, messages := s.unread()
	return el("div").Class("page", goapp.Attr("at-"+string(viewOf(r.Path))), phase.String()).Body(
		el("a").Class("skip").Attr("href", "#content").Text(w.ToContent).
			OnClick(func(app.Context, app.Event) { focusTop("content") }),
		el("header").Class("bar").Body(
			el("a").Class("brand").Attr("href", frontPath).Body(logo(), el("span").Text("Seaway")),
			&navigation{Words: w, Path: r.Path, Messages: messages, Notices: s.notices.unread()},
			s.page.Status(),
			&clock{Words: w, Tick: s.tick, Local: s.local},
			live.LanguageSwitch(s.words.Language.Words, words.Languages(), r.Path),
		),
		el("p").Class("old").Text(w.NotLive),
		s.page.UpdateBar(),
		el("main").ID("content").TabIndex(-1).Body(r.view(rooms)),
		app.If(viewOf(r.Path) != messagesView, func() app.UI { return &footer{Words: w} }),
		r.inspector(),
		s.page.Carry(),
	)
}

// view draws the view of the path.
func (r *root) view(unread [maxRooms]int) app.UI {
	s := r.session
	switch viewOf(r.Path) {
	case frontView:
		lines, frame := s.console.view()
		return &front{
			Words: s.words,
			Ticks: s.ticks.newest, Counts: s.ticks.counts, Lines: lines, Frame: cmp.Or(frame, s.ticks.frame()),
			Phase: s.page.State().Phase, Local: s.local,
		}
	case dashboardView:
		return &dashboard{Words: s.words, Samples: s.samples, Tick: s.tick, Presence: s.presence, Local: s.local}
	case inboxView:
		return &inboxPage{Session: s, Words: s.words, Notices: s.notices.all, Unread: s.notices.unread(), Failure: s.notices.failure, Loaded: s.inbox.Known(), Anonymous: s.page.IsAnonymous(), Local: s.local}
	case compareView:
		return &comparePage{Words: s.words}
	case missingView:
		return &missing{Words: s.words}
	case boardView:
		name := strings.TrimPrefix(r.Path, boardPath)
		return &boardPage{Words: s.words, Name: name, Value: s.boards[name], Version: s.boardChanges, Presence: s.atBoard, Me: s.me.ID}
	}
	room := roomOf(r.Path)
	return &messages{
		Session: s, Room: room, Version: s.rooms[room].Version(), Older: s.older[room], Unread: unread,
		Phase: s.page.State().Phase, Presence: s.presence, Me: s.me,
	}
}

// about returns a room's description.
func about(room string, w *words.Words) string {
	for i, r := range chat.Rooms {
		if r.Name == room {
			return w.Room.About[i]
		}
	}
	return ""
}

// inspector draws the panel for developers, which is closed at first.
func (r *root) inspector() app.UI {
	return &inspect.Panel{Source: r.session.page.Source(), Record: r.session.record, Words: r.session.words.Inspect}
}
