package e2e_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func (b *tab) press(keys string) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, chromedp.KeyEvent(keys)); err != nil {
		b.t.Fatal(err)
	}
}

// fromEnd is how many pixels the messages are scrolled from their end.
const fromEnd = `-document.querySelector("#messages").scrollTop`

// Keys go through the browser as a reader's do.
func TestListIsReadWithAKeyboard(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	for i := range 60 {
		s.post("ann", fmt.Sprint("message ", i))
	}
	b := openPage(t, s)
	b.untilLive()
	b.until("the buttons work", `document.querySelector(".livelist-moving")`)
	if eval[bool](b, fromEnd+` > 0`) {
		t.Error("the page does not begin at the newest message")
	}
	eval[bool](b, `document.querySelector("#messages").focus() || true`)
	b.press(kb.PageUp)
	b.until("PageUp scrolls", fromEnd+` > 100`)
	b.press(kb.Home)
	b.until("the older messages are loaded there", `document.querySelector(".livelist-older").textContent === "This is the beginning."`)
	b.press(kb.Home)
	b.until("Home goes to the first message", `document.querySelector("#messages .text").textContent === "message 0" && (m => m.scrollHeight - m.clientHeight + m.scrollTop < 2)(document.querySelector("#messages"))`)
	s.post("bob", "while you were away")
	s.post("bob", "twice")
	b.until("the pill counts", `document.querySelector(".livelist-pill")?.textContent === "2 new"`)
	b.until("so does the title", `document.title === "(2) #lobby · Seaway"`)
	b.screenshot("list-away")
	b.press(kb.End)
	b.until("End goes to the newest", fromEnd+` < 2`)
	b.until("nothing is new there", `!document.querySelector(".livelist-pill") && document.title === "#lobby · Seaway"`)
	b.until("the divider stays", `document.querySelector(".livelist-divider").nextElementSibling.textContent.includes("while you were away")`)
	b.press(kb.ArrowUp)
	b.until("an arrow goes to the newest row", `document.activeElement.matches(".message") && document.activeElement.textContent.includes("twice")`)
	b.press(kb.ArrowUp)
	b.until("and to the one before", `document.activeElement.textContent.includes("while you were away")`)
	b.screenshot("list-divider")
	if bad := b.complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
}
