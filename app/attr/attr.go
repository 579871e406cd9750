// Package attr makes texts from people safe as values of HTML attributes that
// go-app draws.
//
// go-app quotes the attributes of pre-rendered HTML as Go strings, not as HTML: a
// quotation mark ends the value, and a line end becomes a backslash and an n. In
// the browser attributes are set through the DOM, where nothing needs escaping,
// and where escaping would be seen.
//
//	app.Span().Title(attr.Value(m.Author)).Text(m.Author)
//
// # Promises
//
//   - A value stays one value, whatever is in it, and runs nothing. What the name
//     of the attribute makes of it is another matter: a text from people is no
//     address for href or src, and no script for onclick.
//   - Both platforms give the same document: a page that the browser draws over
//     what the server drew changes nothing.
package attr

import (
	"runtime"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Value returns a text as the value of an attribute. In the browser it is the
// text, elsewhere, where what is drawn becomes HTML, its escaped form. It is without
// spaces around it, as go-app writes all values, and has U+FFFD for what HTML cannot
// say: NUL, the controls from U+0080 to U+009F, and what is not UTF-8.
func Value(s string) string {
	s = sayable(s)
	if runtime.GOOS == "js" {
		return s
	}
	return escape(s)
}

func sayable(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == 0 || r >= 0x80 && r < 0xa0 {
			return utf8.RuneError
		}
		return r // utf8.RuneError already for what is not UTF-8
	}, s))
}

// escape writes as character references (HTML Standard, section 13.1.4) all that
// ends a value or that [strconv.Quote] would alter, and the one word for which
// go-app would write the attribute without a value.
func escape(s string) string {
	if s == "true" {
		return "&#116;rue"
	}
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune(`"'<>&\`, r) || !strconv.IsPrint(r) {
			b.WriteString("&#" + strconv.Itoa(int(r)) + ";")
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
