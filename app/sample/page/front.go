package page

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/sample/words"
	"github.com/seawaykit/seaway/shared/sample/vitals"
)

// front is the first page: the server's time, as an event each second.
type front struct {
	app.Compo
	Words *words.Words
	Tick  vitals.Tick
}

// Render draws the page.
func (f *front) Render() app.UI {
	return el("div").Class("front").Body(
		el("header").Class("title").Body(
			el("h1").Text(f.Words.Front.Title),
			el("p").Text(f.Tick.Message),
		),
	)
}
