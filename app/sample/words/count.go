package words

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Count is a text with a number of things: One if it is 1, or else Many, in which a %
// stands for the number.
type Count struct{ One, Many string }

// Of returns the text for n things.
func (c Count) Of(n int) string {
	if n == 1 {
		return c.One
	}
	return Fill(c.Many, Whole(n))
}

// Whole formats a number with a comma at each thousand, which both languages have.
func Whole(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Sentence returns a text with a capital at its beginning, and none of the stop at its
// end.
func Sentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return strings.TrimRight(string(unicode.ToUpper(first))+text[size:], ".。")
}

// Fill puts the parts in the places of the percent signs. It is a third of what
// fmt.Sprintf takes in wasm, where each argument would have to be boxed.
func Fill(template string, parts ...string) string {
	var b strings.Builder
	for _, part := range parts {
		before, after, _ := strings.Cut(template, "%")
		b.WriteString(before)
		b.WriteString(part)
		template = after
	}
	return b.String() + template
}
