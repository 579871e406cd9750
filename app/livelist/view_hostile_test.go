package livelist_test

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/attr"
	"github.com/seawaykit/seaway/app/livelist"
)

// inHTML is a text as a browser's parser reads it.
func inHTML(s string) string {
	return strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "\ufffd").Replace(s)
}

type hostileRow struct{}

func (hostileRow) Draw(i item, _ livelist.Moment) app.UI {
	return app.P().Class("text").Title(attr.Value(i.text)).Body(livelist.Text(i.text))
}

func (hostileRow) Say(i item) string { return i.text }
