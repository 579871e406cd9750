package e2e_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
)

// holdPosts makes the page's posts wait for release(), or be refused while
// refusing is set.
const holdPosts = `
window.held = new Promise(done => { window.release = done });
const send = window.fetch;
window.fetch = async (url, init) => {
  if (!String(url).includes("/commands/chat.post")) return send(url, init);
  if (window.refusing) {
    return new Response(JSON.stringify({error: {code: "forbidden", message: "not today"}}), {status: 403});
  }
  await window.held;
  return send(url, init);
};`

// A message is shown as pending at once, and stays the same element when the
// server has it.
func TestMessageIsShownAtOnceAndConfirmedInPlace(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	s.post("ann", "before")
	b := openPage(t, s, holdPosts)
	b.untilLive()
	b.write("Ann", "mine")
	b.untilShows("mine")
	if got := eval[string](b, `document.querySelector(".livelist-pending .livelist-progress").textContent`); got != "Sending" {
		t.Errorf("the message says %q while it is sent", got)
	}
	if left := eval[string](b, `document.querySelector("#text").value`); left != "" {
		t.Errorf("the composer still holds %q", left)
	}
	b.screenshot("sending")
	eval[string](b, `(release(), "")`)
	b.until("it is confirmed", `!document.querySelector(".livelist-pending")`)
	s.post("ann", "after")
	b.untilShows("after")
	if got, want := b.texts(), []string{"before", "mine", "after"}; !slices.Equal(got, want) {
		t.Errorf("the page shows %q, want %q", got, want)
	}
}

// A refused message shows why, and is stored once when it is sent again.
// Those that are written while others are on their way wait for them.
func TestMessagesKeepTheOrderInWhichTheyAreWritten(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	b := openTab(t)
	b.navigate(s.url + lobby)
	b.untilLive()
	var want []string
	for i := range 12 {
		want = append(want, fmt.Sprint("message ", i))
		b.write("Ann", want[i])
	}
	b.untilShows(want[len(want)-1])
	if got := s.roomTexts(len(want)); !slices.Equal(got, want) {
		t.Errorf("the log has %q", got)
	}
}

func TestMessageThatFailsCanBeRetriedOrDiscarded(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	b := openPage(t, s, holdPosts, `window.refusing = true;`)
	b.untilLive()
	b.write("Ann", "first")
	b.until("it says why", `document.querySelector(".livelist-failed [role=alert]")?.textContent === "Not sent: not today"`)
	b.write("Ann", "second")
	b.until("both have failed", `document.querySelectorAll(".livelist-failed").length === 2`)
	b.screenshot("failed")
	b.click(".livelist-failed:last-child .livelist-discard")
	b.until("it is gone", `document.querySelectorAll(".livelist-failed").length === 1`)
	eval[string](b, `(refusing = false, release(), "")`)
	b.click(".livelist-failed .livelist-retry")
	b.until("it is confirmed", `!document.querySelector(".livelist-pending")`)
	if got, want := b.texts(), []string{"first"}; !slices.Equal(got, want) {
		t.Errorf("the page shows %q, want %q", got, want)
	}
	if got := s.roomTexts(1); !slices.Equal(got, []string{"first"}) {
		t.Errorf("the room holds %q", got)
	}
}

// The author of a message can edit and delete it; other users have no buttons for
// that.
func TestOwnMessagesCanBeEditedAndDeleted(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	ann, bob := openPage(t, s), openPage(t, s)
	ann.untilLive()
	bob.untilLive()
	ann.write("Ann", "a mistske")
	ann.write("Ann", "another")
	bob.untilShows("another")
	ann.until("both are confirmed", `document.querySelectorAll(".message.own .tools").length === 2`)
	if n := eval[int](bob, `document.querySelectorAll(".tools, .own").length`); n > 0 {
		t.Errorf("Bob is offered %d of Ann's messages", n)
	}

	ann.click(".message .tools button")
	ann.until("the keyboard is in the field", `document.activeElement.id === "edit-text"`)
	ann.pressIn("edit-text", "Escape")
	ann.until("the text is back, and the keyboard", `!document.querySelector("#edit-text") && document.activeElement.textContent === "Edit"`)
	ann.click(".message .tools button")
	ann.typeInto("edit-text", ", mended")
	ann.screenshot("editing")
	ann.pressIn("edit-text", "Enter")
	bob.untilShows("a mistske, mended")
	bob.until("it says that it was edited", `document.querySelector(".message .edited")?.textContent === "edited"`)
	ann.untilShows("a mistske, mended")

	ann.click(".message .tools button:nth-child(2)")
	ann.until("it asks first", `document.querySelector(".tools.asking")`)
	ann.screenshot("deleting")
	if got := bob.texts(); len(got) != 2 {
		t.Errorf("it was deleted before the answer: %q", got)
	}
	ann.click(".tools.asking .bad")
	for name, b := range map[string]*tab{"ann": ann, "bob": bob} {
		b.until("the message is gone", `document.querySelectorAll(".message").length === 1`)
		if got := b.texts(); !slices.Equal(got, []string{"another"}) {
			t.Errorf("%s sees %q", name, got)
		}
		if bad := b.complaints(); len(bad) > 0 {
			t.Errorf("%s's browser complains: %q", name, bad)
		}
	}
	late := openPage(t, s)
	late.untilLive()
	if got := late.texts(); !slices.Equal(got, []string{"another"}) {
		t.Errorf("who comes later sees %q", got)
	}
}

// An edit and a removal show at once. What the server refuses is back in its place in the
// redraw that has the reason, and what was typed can be sent again.
func TestRefusedChangeGoesBackWithTheReason(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	b := openPage(t, s, holdCall, waitShown)
	b.untilLive()
	for _, text := range []string{"first", "second"} {
		b.write("Ann", text)
	}
	b.until("both are confirmed", `document.querySelectorAll(".message.own .tools").length === 2`)
	const first = `document.querySelector("#messages .message")`
	shows := `[...document.querySelectorAll("#messages .text")].map(e => e.textContent).join()`

	eval[any](b, `hold("chat.edit"), null`)
	b.click(".message .tools button")
	b.typeInto("edit-text", ", mended")
	b.pressIn("edit-text", "Enter")
	b.until("the new text shows", shows+` === "first, mended,second" && `+first+`.matches(".changing")`)
	b.screenshot("changing")
	b.until("the call is held", `window.refuse`)
	t.Log("a refused edit is back, with the reason, after", b.shown(`refuse()`, shows+` === "first,second"`))
	if got := eval[string](b, first+`.querySelector("[role=alert]")?.textContent`); got != "Not changed: not today" {
		t.Errorf("it says %q", got)
	}
	b.screenshot("refused")
	b.click(".refused button")
	b.until("it was sent again", shows+` === "first, mended,second" && !document.querySelector(".refused") && !document.querySelector(".changing")`)

	eval[any](b, `window.refuse = undefined, hold("chat.remove"), null`)
	b.click(".message .tools button:nth-child(2)")
	b.click(".tools.asking .bad")
	b.until("it is gone", shows+` === "second"`)
	b.until("the call is held", `window.refuse`)
	t.Log("a refused removal is back, with the reason, after", b.shown(`refuse()`, shows+` === "first, mended,second"`))
	if got := eval[string](b, first+`.querySelector("[role=alert]")?.textContent`); got != "Not deleted: not today" {
		t.Errorf("it says %q", got)
	}
	b.click(".refused button:nth-of-type(2)")
	b.until("the reason is gone", `!document.querySelector(".refused")`)
	if bad := b.complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
}

// holdChanges makes the answers to changes wait for release(): the stream is first.
const holdChanges = `
window.held = new Promise(done => { window.release = done });
const send = window.fetch;
window.fetch = async (url, init) => {
  const answer = await send(url, init);
  if (String(url).includes("/commands/chat.edit")) await window.held;
  return answer;
};`

// The stream may bring a change before the server has answered the request.
func TestEditWhoseEventComesBeforeItsReply(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	b := openPage(t, s, holdChanges)
	b.untilLive()
	b.write("Ann", "mine")
	b.until("it is confirmed", `document.querySelector(".message.own .tools")`)
	// Everything else that redraws the page has happened.
	b.until("the name is known", `document.querySelector("#guests").textContent.includes("Ann")`)
	b.click(".message .tools button")
	b.typeInto("edit-text", ", mended")
	b.pressIn("edit-text", "Enter")
	b.until("the stream has brought it", `document.querySelector(".message .edited")`)
	eval[string](b, `(release(), "")`)
	b.untilShows("mine, mended")
	b.until("the field is gone", `!document.querySelector("#edit-text")`)
}

// The name is set in the composer, and all pages show it.
func TestPresenceComesAndGoes(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	ann := openPage(t, s)
	ann.untilLive()
	ann.until("one is here", `document.querySelector("#present").textContent === "1" && document.querySelector("#guests .you")`)
	bob := openPage(t, s)
	bob.untilLive()
	ann.until("two are here", `document.querySelector("#present").textContent === "2"`)
	bob.typeInto("author", "Bob")
	bob.pressIn("author", "Tab")
	ann.until("one of them is Bob", `[...document.querySelectorAll("#guests .name")].some(e => e.textContent === "Bob")`)
	bob.navigate("about:blank")
	ann.until("he has gone", `document.querySelector("#present").textContent === "1"`)
	bob.navigate(s.url + lobby)
	bob.until("he has his name again", `document.querySelector("#author").value === "Bob"`)
	ann.until("and is here", `document.querySelector("#present").textContent === "2"`)
	ann.screenshot("presence")
}

// Shift+Enter adds a line, Enter sends; near the limit the composer shows how many
// characters are left.
func TestComposerTakesSeveralLines(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	b := openPage(t, s)
	b.untilLive()
	b.typeInto("author", "Ann")
	b.typeInto("text", "one")
	b.pressIn("text", "Shift+Enter")
	b.typeInto("text", "two")
	b.pressIn("text", "Enter")
	b.untilShows("one\ntwo")
	long, _ := json.Marshal(string(slices.Repeat([]byte("x"), 3950)))
	eval[string](b, `(e => { e.value = `+string(long)+`; e.dispatchEvent(new Event("input", {bubbles: true})); return "" })(document.querySelector("#text"))`)
	b.until("it says how much is left", `document.querySelector("#left")?.textContent === "50 characters left"`)
}
