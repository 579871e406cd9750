package page

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// comparePage stands in until the comparison is there.
type comparePage struct{ app.Compo }

// Render draws nothing yet.
func (c *comparePage) Render() app.UI { return el("h1").Text("Compare") }
