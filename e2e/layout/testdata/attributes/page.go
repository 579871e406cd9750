// Package attributes draws values of attributes: some of them may hold any text.
package attributes

import (
	"fmt"
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
)

const name = "name"

type page struct{ text string }

// Draw draws a text that came from anywhere.
func Draw(text string, n int) app.UI {
	p, local, own := page{text}, "a", "a"
	if n > 0 {
		local, own = text, "b"
	}
	return app.Div().ID("constant").Class(name, "card-"+strconv.Itoa(n)).Title(goapp.Attr(text)).Text(text).Body(
		element("a").Title(text), element("b").Title("to "+text), element("c").Title(label(text)), element("d").Title(local),
		element("e").Title(p.text), element("f").Title(fmt.Sprint(text)), element(own).Title("is "+own),
	)
}

func element(id string) app.HTMLDiv { return app.Div().ID(id) }

func label(text string) string { return "label " + text }
