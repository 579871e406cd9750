package page

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/sample/words"
)

// A footer links to the guide, which is no page of this program. Messages fill the
// window, and have none.
type footer struct {
	app.Compo
	Words *words.Frame
}

// Render draws the link.
func (f *footer) Render() app.UI {
	return el("footer").Class("foot").Body(el("a").Attr("href", "/guide").Text(f.Words.Guide).OnClick(leave))
}

// leave leaves a click to the browser, which loads a page: go-app takes every link for
// one of its own.
func leave(_ app.Context, e app.Event) { e.StopImmediatePropagation() }
