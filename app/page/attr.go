package page

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// attr makes a text from people safe as an attribute's value. go-app quotes the
// values of pre-rendered attributes as Go strings, not as HTML: a quotation mark
// ends the value, and a line end becomes a backslash and an n. In the browser
// attributes are set through the DOM, where nothing needs escaping.
func attr(s string) string {
	if app.IsClient {
		return s
	}
	return escapeAttr(s)
}

// escapeAttr writes as character references (HTML Standard, section 13.1.4) all
// that ends a value or that [strconv.Quote] would alter.
func escapeAttr(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune(`"'<>&\`, r) || !strconv.IsPrint(r) {
			fmt.Fprintf(&b, "&#%d;", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
