package goapp

import (
	"html"
	"strconv"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/app/livelist/livelisttest"
)

// go-app writes strconv.Quote of the value, between spaces.
func TestAttrIsNotQuotedByGoApp(t *testing.T) {
	for _, text := range livelisttest.Hostile {
		escaped := escape(sanitize(text))
		if quoted := strconv.Quote(escaped); quoted != `"`+escaped+`"` {
			t.Errorf("%.40q is written as %.60s", text, quoted)
		}
		if strings.ContainsAny(escaped, "\"'<>\\\n") {
			t.Errorf("%.40q ends its value: %.60s", text, escaped)
		}
		if got := html.UnescapeString(escaped); got != sanitize(text) {
			t.Errorf("%.40q is read as %.40q", sanitize(text), got)
		}
	}
}

func TestAttrReplacesWhatHTMLCannotExpress(t *testing.T) {
	for text, want := range map[string]string{
		"nul\x00":       "nul\ufffd",
		"c1\u0085.":     "c1\ufffd.",
		"\xff\xfe":      "\ufffd\ufffd",
		" \u2003a\n":    "a",
		"tab\tand\r\n.": "tab\tand\r\n.",
	} {
		if got := sanitize(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

func TestTrueIsAValueLikeOthers(t *testing.T) {
	if got := escape("true"); got == "true" || html.UnescapeString(got) != "true" {
		t.Errorf("go-app would write the attribute without a value: %s", got)
	}
}
