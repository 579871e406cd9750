package page

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// navigation leads to the pages. A badge counts what the reader has not seen.
type navigation struct {
	app.Compo
	Path     string
	Messages int // unread
	Notices  int // unread
}

// Render draws the links.
func (n *navigation) Render() app.UI {
	at := viewOf(n.Path)
	return el("nav").Class("pages").Aria("label", "Pages").Body(
		n.link("/", "Messages", "messages", at == messagesView, n.Messages, "new"),
		n.link("/dashboard", "Dashboard", "dashboard", at == dashboardView, 0, ""),
		n.link("/inbox", "Inbox", "inbox", at == inboxView, n.Notices, "unread"),
		n.link("/compare", "Compare", "compare", at == compareView, 0, ""),
	)
}

// link is one of them. A badge is there before it counts, so that nothing moves
// when it does.
func (n *navigation) link(path, text, icon string, current bool, count int, of string) app.UI {
	a := el("a").Attr("href", path).Class("to-" + icon)
	if current {
		a = a.Aria("current", "page")
	}
	return a.Body(
		svg("svg").Class("icon").Aria("hidden", truth(true)).Attr("viewBox", "0 0 24 24").
			Body(svg("path").Attr("d", icons[icon])),
		el("span").Class("word").Text(text),
		app.If(of != "", func() app.UI { return badge(count, of).ID("unread-" + icon) }),
	)
}

// icons are drawn in the page itself: a file would come later than the words.
var icons = map[string]string{
	"messages":  "M4 5h16v11H10l-5 4v-4H4z",
	"dashboard": "M3 20h18M7 16v-5M12 16V5M17 16v-8",
	"inbox":     "M4 13l3-8h10l3 8v6H4zM4 13h5l1 3h4l1-3h5",
	"compare":   "M4 8h15l-4-4M20 16H5l4 4",
}

// badge is a count, and what it counts for those who do not see where it is.
func badge(count int, of string) app.HTMLElem {
	b := el("span").Class("badge")
	if count == 0 {
		return b
	}
	return b.Body(
		el("span").Aria("hidden", truth(true)).Text(short(count)),
		el("span").Class("unseen").Text(" "+strconv.Itoa(count)+" "+of),
	)
}

// short keeps a badge small.
func short(count int) string {
	if count > 99 {
		return "99+"
	}
	return strconv.Itoa(count)
}
