package e2e_test

import (
	"fmt"
	"testing"
)

// untilUnread waits until the badge of the inbox shows a count, "" for none.
func (b *tab) untilUnread(count string) {
	b.t.Helper()
	b.until("the inbox has unread: "+count, `(document.querySelector("#unread-inbox")?.firstElementChild?.textContent ?? "") === "`+count+`"`)
}

// A notice counts on every page, in every tab, until it was seen in one of them.
func TestInboxIsTheSameInEveryTab(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	ann := openPage(t, s)
	ann.untilLive()
	ann.write("Ann", "here I am")
	ann.until("it is confirmed", `!document.querySelector(".livelist-pending") && document.querySelector(".own")`)
	other := ann.openAnother()
	other.navigate(s.url + "/dashboard")
	other.untilLive()
	bob := openPage(t, s)
	bob.untilLive()
	bob.write("Bob", "@Ann, look at this")
	const count = "2" // that Bob is new, and what he wrote
	ann.untilUnread(count)
	other.untilUnread(count)
	for _, link := range []string{".to-dashboard", ".to-compare", ".to-messages"} {
		ann.click(link)
		ann.untilUnread(count)
	}
	other.navigate(s.url + "/dashboard") // a later page load has it from the server
	other.untilUnread(count)
	ann.click(".to-inbox")
	ann.until("the mention is there", `[...document.querySelectorAll(".notice.unread .text")].some(e => e.textContent === "@Ann, look at this")`)
	ann.screenshot("inbox")
	ann.untilUnread("")
	other.untilUnread("")
	other.navigate(s.url + "/inbox")
	other.until("it is there, and read", `document.querySelector(".notice") && !document.querySelector(".notice.unread")`)
	if bad := ann.complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
	if got := eval[string](bob, `document.querySelector("#unread-inbox").textContent`); got != "" {
		t.Errorf("Bob's inbox has %q", got)
	}
}

// The badge stands beside its word, however wide the screen is and however many there are.
func TestBadgeCoversNoLetter(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	ann := openPage(t, s)
	ann.untilLive()
	for _, count := range []string{"1", "99+"} {
		for _, width := range []int64{1600, 1440, 1280, 1000, 800, 390} {
			ann.emulate(width, 800, "light")
			ann.until(fmt.Sprintf("at %d px %s covers no letter", width, count), `(badge => {
				badge.textContent = "`+count+`";
				const link = badge.closest("a"), words = document.createTreeWalker(link, NodeFilter.SHOW_TEXT), over = badge.getBoundingClientRect();
				for (let text; (text = words.nextNode());) {
					if (badge.contains(text)) continue;
					const letters = document.createRange();
					letters.selectNodeContents(text);
					const at = letters.getBoundingClientRect();
					const line = (at.height - 13) / 2; // above and below the letters
					if (at.width > 1 && over.left < at.right && at.left < over.right && over.top < at.bottom - line && at.top + line < over.bottom) return false;
				}
				return over.width > 8;
			})(document.querySelector("#unread-inbox"))`)
		}
	}
}

// All can be marked as read at once.
func TestNoticesAreReadAtOnce(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	ann := openPage(t, s, `Object.defineProperty(document, "visibilityState", {get: () => "hidden"});`)
	ann.untilLive()
	ann.write("Ann", "here I am")
	ann.until("it is confirmed", `!document.querySelector(".livelist-pending") && document.querySelector(".own")`)
	bob := openPage(t, s)
	bob.untilLive()
	bob.write("Bob", "@Ann, look at this")
	ann.untilUnread("2")
	ann.click(".to-inbox")
	ann.until("it is shown", `document.querySelector(".notice.unread")`)
	ann.click("#read-all")
	ann.untilUnread("")
	ann.until("nothing is marked as new", `document.querySelector(".notice") && !document.querySelector(".notice.unread")`)
}
