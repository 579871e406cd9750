package attr

import (
	"html"
	"strconv"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/app/livelist/livelisttest"
)

// go-app writes strconv.Quote of the value, between spaces.
func TestAnEscapedValueIsLeftAsItIsByGoApp(t *testing.T) {
	for _, text := range livelisttest.Hostile {
		escaped := escape(sayable(text))
		if quoted := strconv.Quote(escaped); quoted != `"`+escaped+`"` {
			t.Errorf("%.40q is written as %.60s", text, quoted)
		}
		if strings.ContainsAny(escaped, "\"'<>\\\n") {
			t.Errorf("%.40q ends its value: %.60s", text, escaped)
		}
		if got := html.UnescapeString(escaped); got != sayable(text) {
			t.Errorf("%.40q is read as %.40q", sayable(text), got)
		}
	}
}

func TestWhatHTMLCannotSayIsReplaced(t *testing.T) {
	for text, want := range map[string]string{
		"nul\x00":       "nul\ufffd",
		"c1\u0085.":     "c1\ufffd.",
		"\xff\xfe":      "\ufffd\ufffd",
		" \u2003a\n":    "a",
		"tab\tand\r\n.": "tab\tand\r\n.",
	} {
		if got := sayable(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

func TestTrueIsAValueLikeOthers(t *testing.T) {
	if got := escape("true"); got == "true" || html.UnescapeString(got) != "true" {
		t.Errorf("go-app would write the attribute without a value: %s", got)
	}
}
