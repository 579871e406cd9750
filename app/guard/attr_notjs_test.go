//go:build !js

package guard_test

import (
	"html"
	"strings"
	"testing"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/guard"
)

// hostile are texts that end a value, a tag or a line, or that Go would quote.
var hostile = []string{
	`plain`, `"><img src=x onerror=alert(1)>`, `' onfocus='alert(1)`, "two\nlines\tand a tab", `back\slash`, `&quot;`,
	"zero\u200bwidth", "\u202eright to left", "\x00\x07", "née, 日本, 🚢",
}

// What a browser reads out of the drawn attribute must be the text itself.
func TestAnAttributeReadsBackAsTheText(t *testing.T) {
	for _, text := range hostile {
		drawn := app.HTMLString(app.P().Title(guard.Attr(text)))
		value, found := strings.CutPrefix(drawn, `<p title="`)
		value, _, closed := strings.Cut(value, `"`)
		if got := html.UnescapeString(value); !found || !closed || got != strings.ReplaceAll(text, "\x00", "\ufffd") {
			t.Errorf("%q was drawn as %s, which reads as %q", text, drawn, got)
		}
	}
}
