package page

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/attr"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

// rooms leads from room to room.
type rooms struct {
	app.Compo
	Room   string
	Unread [maxRooms]int // in the order of chat.Rooms; an array can be compared
}

// maxRooms is how many rooms a page can count for.
const maxRooms = 8

// Render draws the links.
func (r *rooms) Render() app.UI {
	return el("nav").Class("rooms").Aria("label", "Rooms").Body(
		el("h2").Text("Rooms"),
		el("ul").Body(app.Range(chat.Rooms).Slice(func(i int) app.UI {
			room := chat.Rooms[i]
			a := el("a").Attr("href", pathOf(room.Name)).Title(attr.Value(room.About))
			if room.Name == r.Room {
				a = a.Aria("current", "page")
			}
			return el("li").Body(a.Body(
				el("span").Class("hash").Aria("hidden", truth(true)).Text("#"),
				el("span").Class("name").Text(room.Name),
				badge(r.Unread[i], "new").ID("unread-"+room.Name),
			))
		})),
	)
}
