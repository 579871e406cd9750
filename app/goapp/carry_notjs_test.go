//go:build !js

package goapp_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
)

// hostile are texts that end a value, a tag or a line, or that Go would quote.
var hostile = []string{
	`plain`, `"><img src=x onerror=alert(1)>`, "two\nlines\tand a tab", `back\slash`, `&quot;`,
	"zero\u200bwidth", "\u202eright to left", "\x00\x07", "née, 日本, 🚢",
}

func TestCarryCannotEndItsElement(t *testing.T) {
	for _, text := range append(hostile, `</script><script>alert(1)</script>`, `<!--<script>`, `]]>`) {
		drawn := app.HTMLString(goapp.Carry("state", map[string]string{"text": text}))
		inside, found := strings.CutPrefix(drawn, `<script type="application/json" id="state">`)
		inside, _, closed := strings.Cut(inside, "<")
		var got map[string]string
		if err := json.Unmarshal([]byte(inside), &got); !found || !closed || err != nil || got["text"] != text {
			t.Errorf("%q was carried as %s: %v", text, drawn, err)
		}
	}
}

func TestCarryLeavesOutInvalidJSON(t *testing.T) {
	if drawn := app.HTMLString(goapp.Carry("state", math.NaN())); !strings.Contains(drawn, ">null<") {
		t.Errorf("it was drawn as %s", drawn)
	}
}

func TestCarriedIsFalseOnServer(t *testing.T) {
	var v string
	if goapp.Carried("state", &v) || v != "" {
		t.Errorf("it took up %q", v)
	}
}
