package page

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// A footer links to the guide, which is no page of this program. Messages fill the
// window, and have none.
type footer struct{ app.Compo }

// Render draws the link.
func (f *footer) Render() app.UI {
	return el("footer").Class("foot").Body(el("a").Attr("href", "/guide").Text("Guide for developers").OnClick(leave))
}

// leave leaves a click to the browser, which loads a page: go-app takes every link for
// one of its own.
func leave(_ app.Context, e app.Event) { e.StopImmediatePropagation() }
