package page

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
	"github.com/seawaykit/seaway/app/sample/words"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

// rooms links to the rooms.
type rooms struct {
	app.Compo
	Words  *words.Words
	Room   string
	Unread [maxRooms]int // in the order of chat.Rooms; an array can be compared
}

// maxRooms is how many rooms a page counts unread messages for.
const maxRooms = 8

// Render draws the links.
func (r *rooms) Render() app.UI {
	return el("nav").Class("rooms").Aria("label", goapp.Attr(r.Words.Room.Rooms)).Body(
		el("h2").Text(r.Words.Room.Rooms),
		el("ul").Body(app.Range(chat.Rooms).Slice(func(i int) app.UI {
			room := chat.Rooms[i]
			return el("li").Body(link(pathOf(room.Name), room.Name == r.Room).Title(goapp.Attr(r.Words.Room.About[i])).Body(
				el("span").Class("hash").Aria("hidden", ariaBool(true)).Text("#"),
				el("span").Class("name").Text(room.Name),
				badge(r.Unread[i], r.Words.Frame.New).ID("unread-"+room.Name),
			))
		})),
	)
}
