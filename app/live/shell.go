package live

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// Shell draws a page around its content: the status line, the update bar, and the
// element that carries the first events.
func (p *Page) Shell(content ...app.UI) app.UI {
	return app.Elem("div").Class("seaway-page", p.state.Phase.String()).Body(
		p.Status(),
		p.UpdateBar(),
		app.Elem("main").Body(content...),
		p.Carry(),
	)
}
