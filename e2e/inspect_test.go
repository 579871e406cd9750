package e2e_test

import (
	"fmt"
	"testing"
)

// fact returns an expression for a value in the open inspector.
func fact(name, value string) string {
	return fmt.Sprintf(`(document.querySelector("#inspect-%s") || {}).textContent === %q`, name, value)
}

func press(b *tab, id string) {
	eval[any](b, fmt.Sprintf(`document.querySelector("#%s").click(), 0`, id))
}

// The inspector shows what the stream does, and its buttons work; the page loses
// no event by them.
func TestInspector(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	s.post("ann", "one")
	b := openTab(t)
	b.navigate(s.url + lobby + "?inspect")
	b.untilLive()
	b.until("it tells the state", fact("state", "live"))
	b.until("and the schema's verdict", fact("schema", "same"))
	s.post("ann", "two <b>bold</b>")
	b.until("a frame is shown as text", `[...document.querySelectorAll(".inspect li")].some(l => l.textContent.includes("two") && l.textContent.includes("chat.posted") && !l.querySelector("b b"))`)
	press(b, "drill-drop")
	b.until("the reason is in the history", `document.querySelector(".inspect").textContent.includes("a developer dropped the connection")`)
	b.untilLive()
	press(b, "drill-gap")
	b.until("a reset came", `[...document.querySelectorAll(".inspect td")].some(c => c.textContent === "reset")`)
	b.untilLive()
	press(b, "drill-pause")
	b.until("it is offline", fact("state", "offline"))
	s.post("ann", "three")
	press(b, "drill-pause")
	b.untilShows("three")
	b.screenshot("inspector")
	if got := fmt.Sprint(b.texts()); got != "[one two <b>bold</b> three]" {
		t.Errorf("the page shows %s", got)
	}
	press(b, "drill-close")
	b.until("it closes", `!document.querySelector(".inspect").classList.contains("open")`)
	eval[any](b, `window.dispatchEvent(new KeyboardEvent("keydown", {code: "KeyI", ctrlKey: true, altKey: true})), 0`)
	b.until("it opens by its key", `document.querySelector(".inspect").classList.contains("open")`)
	if bad := b.complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
}
