// Package attr makes texts from people safe as values of HTML attributes that
// go-app draws.
//
// go-app quotes the attributes of pre-rendered HTML as Go strings, not as HTML: a
// quotation mark ends the value, and a line end becomes a backslash and an n. In
// the browser attributes are set through the DOM, where nothing needs escaping,
// and where escaping would be seen.
package attr

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
)

// Value returns a text as the value of an attribute: unchanged in the browser,
// escaped elsewhere, where what is drawn becomes HTML. Both give the same
// document.
func Value(s string) string {
	if runtime.GOOS == "js" {
		return s
	}
	return escape(s)
}

// escape writes as character references (HTML Standard, section 13.1.4) all that
// ends a value or that [strconv.Quote] would alter.
func escape(s string) string {
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
