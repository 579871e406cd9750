package page

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
	"github.com/seawaykit/seaway/app/sample/words"
	"github.com/seawaykit/seaway/shared/sample/board"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

// navigation links to the pages. Badges count what the user has not seen.
type navigation struct {
	app.Compo
	Words    *words.Frame
	Path     string
	Messages int // unread
	Notices  int // unread
}

// Render draws the links.
func (n *navigation) Render() app.UI {
	at, w := viewOf(n.Path), n.Words
	return el("nav").Class("pages").Aria("label", goapp.Attr(w.Pages)).Body(
		n.link(frontPath, w.Live, "live", at == frontView, 0, words.Count{}),
		n.link(pathOf(chat.Rooms[0].Name), w.Messages, "messages", at == messagesView, n.Messages, w.New),
		n.link(boardPath+board.Names[0], w.Board, "board", at == boardView, 0, words.Count{}),
		n.link("/dashboard", w.Dashboard, "dashboard", at == dashboardView, 0, words.Count{}),
		n.link("/inbox", w.Inbox, "inbox", at == inboxView, n.Notices, w.Unread),
		n.link("/compare", w.Compare, "compare", at == compareView, 0, words.Count{}),
	)
}

// link draws one link. Its badge has space reserved, so that nothing moves when it
// counts.
func (n *navigation) link(path, text, icon string, current bool, count int, of words.Count) app.UI {
	a := el("a").Attr("href", goapp.Attr(path)).Class("to-" + icon)
	if current {
		a = a.Aria("current", "page")
	}
	return a.Body(
		svg("svg").Class("icon").Aria("hidden", ariaBool(true)).Attr("viewBox", "0 0 24 24").
			Body(svg("path").Attr("d", icons[icon])),
		el("span").Class("word").Text(text),
		app.If(of != words.Count{}, func() app.UI { return badge(count, of).ID("unread-" + icon) }),
	)
}

// icons are drawn in the page itself: files would load later than the texts.
var icons = map[string]string{
	"live":      "M12 12h.01M8 16a6 6 0 010-8M16 8a6 6 0 010 8M5 19a10 10 0 010-14M19 5a10 10 0 010 14",
	"messages":  "M4 5h16v11H10l-5 4v-4H4z",
	"dashboard": "M3 20h18M7 16v-5M12 16V5M17 16v-8",
	"inbox":     "M4 13l3-8h10l3 8v6H4zM4 13h5l1 3h4l1-3h5",
	"board":     "M4 5h4v14H4zM10 5h4v9h-4zM16 5h4v12h-4z",
	"compare":   "M4 8h15l-4-4M20 16H5l4 4",
}

// badge is a count, and what it counts for those who do not see where it is.
func badge(count int, of words.Count) app.HTMLElem {
	b := el("span").Class("badge")
	if count == 0 {
		return b
	}
	return b.Body(
		el("span").Aria("hidden", ariaBool(true)).Text(short(count)),
		el("span").Class("unseen").Text(" "+of.Of(count)),
	)
}

// short formats a count so that a badge stays small.
func short(count int) string {
	if count > 99 {
		return "99+"
	}
	return strconv.Itoa(count)
}
