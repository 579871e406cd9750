package page

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
	"github.com/seawaykit/seaway/app/sample/words"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

// missing is what is shown at a path without a page.
type missing struct {
	app.Compo
	Words *words.Words
}

// Render draws the page.
func (m *missing) Render() app.UI {
	w := &m.Words.Missing
	return el("div").Class("missing").Body(
		el("h1").Text(w.Title),
		el("p").Text(w.About),
		el("ul").Body(
			el("li").Body(el("a").Attr("href", frontPath).Text(w.ToFront)),
			el("li").Body(el("a").Attr("href", goapp.Attr(pathOf(chat.Rooms[0].Name))).Text(w.ToMessages)),
		),
	)
}
