package e2e_test

import (
	"slices"
	"testing"

	"github.com/seawaykit/seaway/shared/sample/chat"
)

// A fresh page reaches all messages of a room that has as many as it keeps, and then what
// its user does still shows at once. How soon depends on the machine, and is printed.
func TestWholeRoomIsReachedAndStaysQuick(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	s.fill("deck", chat.MaxMessages-2)
	b := openTab(t, waitShown)
	b.navigate(s.url + "/room/deck")
	b.untilLive()
	b.write("Ann", "mine")
	b.until("it is confirmed", `document.querySelector(".message.own .tools")`)
	pages := 1
	walkBack(t, b, func(page int) {
		if pages++; page == 3 {
			s.postTo("deck", "bob", "meanwhile")
		}
	})
	var want []string
	for _, m := range s.history("deck") {
		want = append(want, m.Text)
	}
	got := b.texts()
	if !slices.Equal(got, want) || len(got) != chat.MaxMessages {
		t.Fatalf("the page shows %d messages: %s", len(got), difference(got, want))
	}
	t.Logf("%d messages, reached by %d pages", len(got), pages)

	own := `[...document.querySelectorAll(".message.own")].at(-1)`
	for range 3 {
		t.Log("a click on Edit shows after", b.shown(own+`.querySelector(".tools button").click()`, `document.querySelector("#edit-text")`))
		b.typeInto("edit-text", "!")
		t.Log("a changed text shows after", b.shown(`document.querySelector(".edit .strong").click()`, own+`.querySelector(".text")?.textContent.endsWith("!")`))
		b.until("the change is confirmed", `!document.querySelector(".changing")`)
		t.Log("a message that is sent shows after", b.shown(`document.querySelector("#text").value = "more"; document.querySelector("#send").click()`, `document.querySelector(".livelist-pending")`))
		b.until("the message is confirmed", `!document.querySelector(".livelist-pending")`)
	}
	if bad := b.complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
}
