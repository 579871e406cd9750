package e2e_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/seawaykit/seaway/shared/sample/chat"
)

// After a reset the stream brings the newest events of all topics together, 1202 of
// them: what a busy room leaves out comes from the room's state, and by a request for
// the other topics.
func TestResetInABusyRoomLeavesTheOthersAsTheyWere(t *testing.T) {
	t.Parallel()
	s := startServer(t, "-no-limits")
	var want []string
	for i := range 60 {
		text := fmt.Sprint("on deck ", i)
		s.postTo("deck", "ann", text)
		want = append(want, text)
	}
	want = want[len(want)-chat.Newest:]
	b := openTab(t)
	b.navigate(s.url + "/room/deck?inspect")
	b.untilLive()
	b.until("a guest is here", `document.querySelector("#present").textContent === "1"`)
	s.postTo("deck", "ann", "while the page is open")
	want = append(want, "while the page is open")
	b.untilShows("while the page is open")
	var busy sync.WaitGroup
	for writer := range 8 {
		busy.Go(func() {
			for i := range 160 {
				s.postTo("lobby", "bob", fmt.Sprint("in the lobby ", writer, " ", i))
			}
		})
	}
	busy.Wait()
	b.until("the lobby has news", `document.querySelector("#unread-lobby").textContent.includes("99+")`)
	eval[any](b, `[...document.querySelectorAll("#messages .message")].forEach(m => m.wasThere = true), 0`)
	eval[any](b, `(new MutationObserver(() => { if (document.querySelectorAll("#messages .message").length < 21) window.flickered = true })).observe(document.querySelector("#messages"), {childList: true, subtree: true}), 0`)
	press(b, "drill-gap")
	b.until("a reset came", `[...document.querySelectorAll(".inspect td")].some(c => c.textContent === "reset")`)
	b.untilLive()
	s.postTo("deck", "ann", "after the reset")
	b.untilShows("after the reset")
	if got := b.texts(); !slices.Equal(got, append(want, "after the reset")) {
		t.Errorf("after a reset the quiet room has %d rows: %q", len(got), got)
	}
	if n := eval[int](b, `[...document.querySelectorAll("#messages .message")].filter(m => m.wasThere).length`); n != 21 || eval[bool](b, `!!window.flickered`) {
		t.Errorf("of 21 rows %d are the same elements", n)
	}
	if got := eval[string](b, `["deck", "engine"].map(r => document.querySelector("#unread-" + r).textContent).join("")`); got != "" {
		t.Errorf("messages that were seen are unread: %q", got)
	}
	s.guestClient("Bob").follow("/events?topic=clock")
	b.until("presence goes on", `document.querySelector("#present").textContent === "2"`)
	b.click(".to-dashboard")
	b.until("the charts have what they had", `document.querySelector("#chart-streams .line")?.getAttribute("d")?.length > 20`)
	if bad := b.complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
}
