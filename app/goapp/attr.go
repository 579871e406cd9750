package goapp

import (
	"runtime"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Attr escapes a text for use as the value of an HTML attribute that go-app draws.
//
//	app.Span().Title(goapp.Attr(m.Author)).Text(m.Author)
//
// go-app writes the attributes of pre-rendered HTML quoted as Go strings: a
// quotation mark would end the value, and a line end become a backslash and an n.
// In the browser attributes are set through the DOM, where escapes would be shown.
// So the result is the text itself in the browser, elsewhere its escaped form, and
// both give the same document.
//
// The result is always one value, and runs nothing. But no text from users belongs
// in href, src or onclick, escaped or not. Spaces around the text are removed, as
// go-app does with all values, and what HTML cannot express becomes U+FFFD: NUL, the
// controls from U+0080 to U+009F, and invalid UTF-8.
func Attr(s string) string {
	s = sanitize(s)
	if runtime.GOOS == "js" {
		return s
	}
	return escape(s)
}

// sanitize replaces what HTML cannot express, and trims spaces.
func sanitize(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == 0 || r >= 0x80 && r < 0xa0 {
			return utf8.RuneError
		}
		return r // utf8.RuneError already for what is not UTF-8
	}, s))
}

// escape writes as character references (HTML Standard, section 13.1.4) all
// characters that end a value or that [strconv.Quote] would change, and the one
// word for which go-app would write the attribute without a value.
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
