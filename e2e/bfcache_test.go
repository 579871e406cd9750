package e2e_test

import (
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// watchShows records whether the page came out of the back/forward cache each time
// it was shown, and its status and messages from then on.
const watchShows = `
window.shows = []; window.said = [];
const note = () => {
  const words = (document.querySelector("#status")?.textContent ?? "") + " with " + document.querySelectorAll("#messages .message").length;
  if (said.at(-1) !== words) said.push(words);
};
addEventListener("pageshow", e => { shows.push(e.persisted); said = []; note(); }, true);
new MutationObserver(note).observe(document, {childList: true, subtree: true, characterData: true});
`

// A browsed is a page in either browser.
type browsed interface {
	navigate(url string)
	untilLive()
	until(what, expr string)
	texts() []string
	value(expr string) (json string)
}

func (b *tab) value(expr string) string { return eval[string](b, "JSON.stringify("+expr+")") }

func (f *firefox) value(expr string) (text string) {
	f.t.Helper()
	f.eval("JSON.stringify("+expr+")", &text)
	return text
}

func TestBackForwardCache(t *testing.T) {
	t.Parallel()
	for _, transport := range []string{"eventsource", "longpoll", "websocket"} {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			j := journey{t: t, s: startServer(t), b: openTab(t, watchShows)}
			j.begin(lobby + "?transport=" + transport)
			for n := range 2 {
				j.leave()
				j.comeBack()
				if got, want := j.b.value("shows"), "[false"+strings.Repeat(",true", n+1)+"]"; got != want {
					t.Fatalf("the page was shown, out of the cache: %s, want %s; the browser says %s", got, want,
						j.b.value(`performance.getEntriesByType("navigation")[0].notRestoredReasons`))
				}
				j.arrive()
			}
		})
	}
}

// Firefox decides whether it keeps a page before the page gets its pagehide event,
// and keeps none that has a request, a socket or a lock. So the page is loaded
// again, which must work as well.
func TestGoingBackInFirefox(t *testing.T) {
	t.Parallel()
	f := openFirefox(t)
	f.call("script.addPreloadScript", map[string]any{"functionDeclaration": "() => {" + watchShows + "}"}, nil)
	j := journey{t: t, s: startServer(t), b: f}
	j.begin(lobby)
	j.leave()
	f.call("browsingContext.traverseHistory", map[string]any{"context": f.context, "delta": -1}, nil)
	j.arrive()
}

// A journey leaves a live page for another document, has messages posted meanwhile,
// and goes back.
type journey struct {
	t    *testing.T
	s    *server
	b    browsed
	want []string
}

func (j *journey) post(n int) {
	for range n {
		text := fmt.Sprint("message ", len(j.want))
		j.want = append(j.want, text)
		j.s.post("ann", text)
	}
}

func (j *journey) begin(path string) {
	j.t.Helper()
	j.post(2)
	j.b.navigate(j.s.url + path)
	j.b.untilLive()
	j.post(1)
	j.b.until("the page shows the third message", `document.querySelectorAll("#messages .message").length === 3`)
}

func (j *journey) leave() {
	j.t.Helper()
	j.b.navigate(j.s.url + "/robots.txt")
	j.post(5)
}

// comeBack goes back while the server hangs: the page has only its old state, and
// must not say that it is live.
func (j *journey) comeBack() {
	j.t.Helper()
	j.s.cmd.Process.Signal(syscall.SIGSTOP)
	defer j.s.cmd.Process.Signal(syscall.SIGCONT)
	j.b.value(`(setTimeout(() => history.back()), 0)`)
	j.b.until("the page is shown again", `window.said?.length`)
	if said := j.b.value("said"); strings.Contains(said, `"live`) {
		j.t.Errorf("without a word from the server the page said %s", said)
	}
}

// arrive waits until the page is live by itself and shows every message, each once.
func (j *journey) arrive() {
	j.t.Helper()
	j.b.until("the page is back", `document.querySelector("#messages")`)
	j.b.untilLive()
	j.b.until("it shows the last message", fmt.Sprintf(`document.querySelectorAll("#messages .message").length >= %d`, len(j.want)))
	if got := j.b.texts(); !slices.Equal(got, j.want) {
		j.t.Errorf("the page shows %s", difference(got, j.want))
	}
}
