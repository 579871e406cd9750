package page

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/sample/words"
	"github.com/seawaykit/seaway/shared/sample/vitals"
)

// clock shows the server's time, once a second.
type clock struct {
	app.Compo
	Words *words.Frame
	Tick  vitals.Tick
	Local bool // in the user's zone
}

// Render draws the clock.
func (c *clock) Render() app.UI {
	p := el("p").Class("clock").ID("clock")
	if c.Tick.At.IsZero() {
		return p
	}
	return p.Body(el("span").Class("words").Text(c.Words.CurrentTime), secondsElement(c.Tick.At, c.Local))
}
