package page

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/shared/sample/chat"
)

// missing is what is shown at a path without a page.
type missing struct{ app.Compo }

// Render draws the page.
func (m *missing) Render() app.UI {
	return el("div").Class("missing").Body(
		el("h1").Text("There is no page here"),
		el("p").Text("The address may have a mistake in it, or name a room or a board that this sample does not have."),
		el("ul").Body(
			el("li").Body(el("a").Attr("href", frontPath).Text("Go to the front page")),
			el("li").Body(el("a").Attr("href", pathOf(chat.Rooms[0].Name)).Text("Go to the messages")),
		),
	)
}
