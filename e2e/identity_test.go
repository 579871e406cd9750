package e2e_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/seawaykit/seaway/shared/sample/chat"
)

// changeKey restarts a server with another session key: it knows no cookie that it
// has given.
func (s *server) changeKey() {
	s.t.Helper()
	s.kill()
	if err := os.Remove(filepath.Join(s.data, "session.key")); err != nil {
		s.t.Fatal(err)
	}
	s.start()
}

// reader returns the page's user.
const reader = `JSON.parse(localStorage.getItem("seaway-user") || "{}").id`

// A page whose cookie the server does not know any more gets a new guest, whose
// inbox works.
func TestPageOfAForgottenGuestGetsANewGuest(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	b := openPage(t, s)
	b.untilLive()
	was := eval[string](b, reader)
	s.changeKey()
	b.until("the reader is another", reader+` && `+reader+` !== "`+was+`"`)
	b.untilLive()
	b.typeInto("author", "Bob")
	b.pressIn("author", "Tab")
	b.until("he is here", `document.querySelector("#guests li:has(.you) .name")?.textContent === "Bob"`)
	ask(s.guestClient("Ann"), chat.Post.Command(), chat.PostRequest{Room: "lobby", Text: "is this @bob?"})
	b.click(".to-inbox")
	b.until("he has the notice", `document.querySelector("#notices")?.innerText.includes("is this @bob?")`)
}

// The page's stored user may be older than its cookie: then the page asks again.
func TestPageWithARefusedIdentityAsksAgain(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	b := openPage(t, s, `
window.release = () => {};
const send = window.fetch;
window.fetch = async (url, init) => {
  const answer = await send(url, init);
  if (String(url).includes("/commands/guest.whoami") && localStorage.getItem("hold")) {
    localStorage.removeItem("hold");
    await new Promise(done => { window.release = done; window.asked = true });
  }
  return answer;
};`)
	b.untilLive()
	was := eval[string](b, reader)
	eval[string](b, `(localStorage.setItem("hold", "yes"), "")`)
	b.navigate(s.url + "/room/deck")
	b.untilLive()
	b.until("the answer is held", `window.asked`)
	s.changeKey()
	b.until("the stream is refused", `document.querySelector("#status").textContent.startsWith("refused")`)
	eval[string](b, `(release(), "")`)
	b.untilLive()
	if now := eval[string](b, reader); now == was {
		t.Errorf("the reader is still %s", now)
	}
}

// A browser without cookies gets another guest with each request. The page stops
// asking: its user is anonymous, and has what is public.
func TestPageWithoutCookiesHasWhatIsPublic(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	b := openPage(t, s, `
window.asked = 0;
const send = window.fetch;
window.fetch = (url, init) => {
  if (!String(url).includes("/commands/guest.whoami")) return send(url, init);
  window.asked++;
  return Promise.resolve(new Response(JSON.stringify({id: "STRANGER" + asked, name: ""})));
};`)
	b.untilLive()
	s.post("ann", "to everybody")
	b.untilShows("to everybody")
	b.until("something is typed", fillIn("author", "Bob")+" && "+fillIn("text", "nobody's"))
	b.until("it is sent", `(document.querySelector("#send").click(), `+composerHolds("")+`)`) // once the page has stopped asking
	b.untilShows("nobody's")
	b.click(".to-inbox")
	b.until("it says why there is no inbox", `document.querySelector("#inbox-state")?.textContent.includes("keeps no cookie")`)
	if n := eval[int](b, `window.asked`); n != 3 {
		t.Errorf("the page asked %d times who its reader is", n)
	}
	if id := eval[*string](b, reader+` || null`); id != nil {
		t.Errorf("the reader is taken for %s", *id)
	}
}
