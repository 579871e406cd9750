package page

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/shared/sample/vitals"
)

// clock shows the server's time, once a second.
type clock struct {
	app.Compo
	Tick vitals.Tick
}

// Render draws the clock.
func (c *clock) Render() app.UI {
	return el("p").Class("clock").ID("clock").Text(c.Tick.Message)
}
