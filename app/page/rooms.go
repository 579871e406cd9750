package page

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/shared/chat"
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
	return app.Nav().Class("rooms").Aria("label", "Rooms").Body(
		app.H2().Text("Rooms"),
		app.Ul().Body(app.Range(chat.Rooms).Slice(func(i int) app.UI {
			room := chat.Rooms[i]
			a := app.A().Href(pathOf(room.Name)).Title(attr(room.About))
			if room.Name == r.Room {
				a = a.Aria("current", "page")
			}
			return app.Li().Body(a.Body(
				app.Span().Class("hash").Aria("hidden", "true").Text("#"),
				app.Span().Class("name").Text(room.Name),
				badge(r.Unread[i], "new").ID("unread-"+room.Name),
			))
		})),
	)
}
