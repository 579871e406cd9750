package e2e_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"unicode"
)

func TestBrowsersExchangeMessages(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	var want []string
	for _, m := range [][2]string{
		{"Ann", "Is the new build on the staging server?"},
		{"Bob", "Restarting it right now, with kill -9, to see what happens."},
		{"Ann", "And?"},
		{"Bob", "Nothing. The page said reconnecting for three seconds and then went on where it was."},
		{"Chi", "Every message there, once, in order. I counted."},
	} {
		s.post(m[0], m[1])
		want = append(want, m[1])
	}
	ann, bob := openPage(t, s), openPage(t, s)
	ann.untilLive()
	bob.untilLive()
	ann.write("Ann", "Then let us ship it.")
	bob.untilShows("Then let us ship it.")
	bob.write("Bob", "<3")
	ann.untilShows("<3")
	want = append(want, "Then let us ship it.", "<3")
	for name, b := range map[string]*tab{"ann": ann, "bob": bob, "late": openPage(t, s)} {
		b.untilLive()
		if got := b.texts(); !slices.Equal(got, want) {
			t.Errorf("%s sees %q, want %q", name, got, want)
		}
		if bad := b.complaints(); len(bad) > 0 {
			t.Errorf("%s's browser complains: %q", name, bad)
		}
	}
	if left := eval[string](ann, `document.querySelector("#text").value`); left != "" {
		t.Errorf("the composer still holds %q after it was sent", left)
	}
	ann.screenshot("messages")
}

func TestRefusedMessageStaysInTheComposerWithTheReason(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	b := openPage(t, s)
	b.untilLive()
	b.write("", "who am I?")
	b.until("the reason is shown", `document.querySelector("#failure")?.textContent === "the author has no name"`)
	if got := eval[string](b, `document.querySelector("#text").value`); got != "who am I?" {
		t.Errorf("the composer holds %q", got)
	}
}

func TestClockShowsTheServersTimeEachSecond(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	b := openPage(t, s)
	b.untilLive()
	b.until("the time is shown", `/^Current time is \d?\d:\d\d:\d\d/.test(document.querySelector("#clock").textContent)`)
	first := eval[string](b, `document.querySelector("#clock").textContent`)
	b.until("it changes", fmt.Sprintf("document.querySelector('#clock').textContent !== %q", first))
}

// The history is in the HTML: it can be read with scripts switched off.
func TestHistoryIsInTheHTMLBeforeAnyWasm(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	for i := range 3 {
		s.post("ann", fmt.Sprint("message ", i))
	}
	resp, err := http.Get(s.url + lobby)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	html, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		if !strings.Contains(string(html), fmt.Sprintf(">message %d</p>", i)) {
			t.Errorf("the HTML lacks message %d:\n%s", i, html)
		}
	}
	b := openTab(t)
	b.navigate(s.url + lobby + "?wasm=false")
	if got := b.texts(); len(got) != 3 {
		t.Errorf("without wasm the page shows %q", got)
	}
	b.screenshot("without-wasm")
}

// recordTakeover records the page as the server drew it and as the wasm first
// draws it, at the moment at which go-app replaces one by the other: components
// redraw themselves in OnMount before the browser paints. Attributes are put in
// order, since go-app writes them in any, and the line breaks that it puts between
// elements are left out; so is what is in a noscript, which a browser that runs
// scripts reads as text and never shows. Of the JSON that the page carries only
// the element is compared: the wasm has taken it up, and draws the element empty.
const recordTakeover = `
window.draw = (node) => {
  if (node.nodeType === Node.TEXT_NODE) return /^\s*$/.test(node.data) ? "" : node.data;
  if (node.localName === "noscript") return "";
  const carried = node.type === "application/json";
  const attributes = [...node.attributes].map(a => a.name + "=" + JSON.stringify(a.value)).sort().join(" ");
  return "<" + node.localName + " " + attributes + ">" + (carried ? "" : [...node.childNodes].map(draw).join("")) + "</" + node.localName + ">";
};
const replace = Node.prototype.replaceChild;
Node.prototype.replaceChild = function(added, old) {
  if (!window.after && added.classList?.contains("page")) {
    window.before = draw(old);
    window.after = draw(added);
  }
  return replace.call(this, added, old);
};
`

func TestFirstWasmRenderIsWhatTheServerDrew(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	s.post("ann", "one")
	s.post(`O"Neill & <b>`, "two\tlines\nof text \\ and 'quotes' \u202e & more")
	b := openPage(t, s, recordTakeover)
	b.untilLive()
	b.until("the wasm has drawn the page", `window.after`)
	before, after := eval[string](b, `window.before`), eval[string](b, `window.after`)
	if before != after {
		t.Errorf("the server drew\n%s\nthe wasm drew\n%s", before, after)
	}
	if n := strings.Count(before, "<article "); n != 2 {
		t.Errorf("the server drew %d messages, want 2:\n%s", n, before)
	}
}

// Text that was typed before the wasm took over is still there after it.
func TestTypedTextSurvivesTheTakeover(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	b := openPage(t, s, `document.addEventListener("DOMContentLoaded", () => {
		document.querySelector("#author").value = "ann";
		document.querySelector("#text").value = "half a sent";
	});`)
	b.untilLive()
	if got := eval[string](b, `document.querySelector("#author").value + ": " + document.querySelector("#text").value`); got != "ann: half a sent" {
		t.Errorf("the composer holds %q", got)
	}
}

func TestBrowserWithoutEventSourceSaysSo(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	s.post("ann", "history is there")
	b := openPage(t, s, `delete window.EventSource;`)
	b.untilShows("history is there")
	b.until("the page says so", says("live, by polling: this browser has no EventSource"))
	s.post("ann", "and it goes on")
	b.untilShows("and it goes on")
	b.screenshot("no-eventsource")
}

// hostile are texts that have broken pages: markup, attribute breakers, the end
// of the element that carries them, controls of direction, line ends.
var hostile = []string{
	`"><img src=x onerror="window.hacked=1">`,
	`' onmouseover='window.hacked=1`,
	`</script><script>window.hacked=1</script>`,
	`<!--<script>`,
	"\u202eright to left\u2066\u200b",
	"back\\slash \\n &quot; &#34; `tick`",
	strings.Repeat("\U0001F6A2", 40),
}

// visible leaves out the characters that a name may not hold.
func visible(r rune) rune {
	if unicode.Is(unicode.Cf, r) {
		return -1
	}
	return r
}

func TestTextFromPeopleIsTextPrerenderedAndLive(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	live := openPage(t, s)
	live.untilLive()
	for _, text := range hostile {
		author := text
		if r := []rune(text); len(r) > 64 {
			author = string(r[:64])
		}
		s.post(strings.Map(visible, author), text) // a name with invisible characters is refused
	}
	live.untilShows(hostile[len(hostile)-1])
	prerendered := openTab(t)
	prerendered.navigate(s.url + lobby + "?wasm=false")
	later := openPage(t, s)
	later.untilLive()
	for name, b := range map[string]*tab{"live": live, "pre-rendered": prerendered, "taken over": later} {
		if got := b.texts(); !slices.Equal(got, hostile) {
			t.Errorf("%s: the page shows %q", name, got)
		}
		titles := eval[[]string](b, `[...document.querySelectorAll("#messages .author")].map(e => e.title)`)
		authors := eval[[]string](b, `[...document.querySelectorAll("#messages .author")].map(e => e.textContent)`)
		if !slices.Equal(titles, authors) {
			t.Errorf("%s: the attributes hold %q, the text %q", name, titles, authors)
		}
		if eval[bool](b, `"hacked" in window || document.querySelectorAll("#messages img, #messages script").length > 0`) {
			t.Errorf("%s: a text has become markup", name)
		}
		if bad := b.complaints(); len(bad) > 0 {
			t.Errorf("%s: the browser complains: %q", name, bad)
		}
	}
}
