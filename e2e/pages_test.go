package e2e_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// lobby is the page of the room in which messages are written first.
const lobby = "/room/lobby"

// pages are the paths of all pages, with their headings.
var pages = []struct{ path, heading string }{
	{"/", ""}, {lobby, "#lobby"}, {"/room/deck", "#deck"}, {"/room/engine", "#engine"},
	{"/dashboard", "Dashboard"}, {"/inbox", "Inbox"}, {"/compare", ""}, {"/board/red", "Board red"},
}

// fill writes something into the rooms.
func fill(s *server) {
	for _, m := range [][3]string{
		{"lobby", "Ann Lindqvist", "Morning! The new build is on the staging server since seven."},
		{"lobby", "Bob", "Restarting it right now, with kill -9, to see what happens."},
		{"lobby", "Ann Lindqvist", "And?"},
		{"lobby", "Bob", "Nothing. The page said “reconnecting in 2 s” and went on where it was.\nEvery message there, once, in order."},
		{"lobby", "نورا", "مرحبا بالجميع، أنا أجرب الكتابة من اليمين إلى اليسار هنا."},
		{"lobby", "Dörte von Hohenlohe-Waldenburg-Schillingsfürst", "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"},
		{"lobby", "Eva", "func main() {\n\tsrc := source.New(source.Options{Topics: []string{\"room.lobby\"}})\n}"},
		{"lobby", `O"Neill & <b>`, "two\tlines\nof text \\ and 'quotes' \u202e & more"},
		{"lobby", "Chidi", "Then let us ship it. \U0001F6A2"},
		{"deck", "Eva", "Fog until noon."},
		{"engine", "Bob", "A subscriber is a cursor. That is all of it."},
	} {
		s.postTo(m[0], m[1], m[2])
	}
}

// untilMeasured waits until the server has published n samples.
func (s *server) untilMeasured(n int) {
	s.t.Helper()
	s.events(fmt.Sprintf("topic=vitals&last=%d", n), n)
}

// What the wasm draws first is what the server drew, on every page: nothing
// flashes, and nothing moves. One tab loads all of them, so that the wasm is compiled
// once; TestPageDoesNotFlashWhenTheWasmTakesOver opens each as a new visitor.
func TestFirstWasmRenderIsWhatTheServerDrewOnEveryPage(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	fill(s)
	s.untilMeasured(3)
	b := openTab(t, recordTakeover)
	for _, page := range pages {
		b.navigate(s.url + page.path)
		b.untilLive()
		b.until("the wasm has drawn the page", `window.after`)
		before, after := eval[string](b, `window.before`), eval[string](b, `window.after`)
		if before != after {
			t.Errorf("%s: %s", page.path, firstDifference(before, after))
		}
		if !strings.Contains(before, "<h1 ") {
			t.Errorf("%s: the server drew no heading:\n%.2000s", page.path, before)
		}
		if bad := b.complaints(); len(bad) > 0 {
			t.Errorf("%s: the browser complains: %q", page.path, bad)
		}
	}
}

func firstDifference(a, b string) string {
	at := 0
	for at < min(len(a), len(b)) && a[at] == b[at] {
		at++
	}
	from := max(0, at-80)
	return fmt.Sprintf("the server drew\n%.400s\nthe wasm drew\n%.400s", a[from:], b[from:])
}

// Without the wasm, or without scripts at all, every page can be read.
func TestPagesCanBeReadWithoutScripts(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	fill(s)
	s.untilMeasured(3)
	b := openTab(t)
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/": "Current time is", lobby: "Then let us ship it.", "/room/deck": "Fog until noon.", "/room/engine": "A subscriber is a cursor.",
		"/dashboard": "Open streams", "/inbox": "Inbox", "/compare": "Compare",
	} {
		b.navigate(s.url + path)
		if got := eval[string](b, `document.querySelector("main").innerText`); !strings.Contains(got, want) {
			t.Errorf("%s reads %.600q, without %q", path, got, want)
		}
		if n := eval[int](b, `document.querySelectorAll("h1").length`); n != 1 {
			t.Errorf("%s has %d headings of the first order", path, n)
		}
		if box := eval[string](b, `(r => r.width + " x " + r.height)(document.querySelector("#app-wasm-loader").getBoundingClientRect())`); strings.HasSuffix(box, "x 800") {
			t.Errorf("%s: the loader is %s", path, box)
		}
	}
}

// A tab has one stream, whichever pages the user opens in it.
func TestGoingFromPageToPageKeepsTheStream(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	fill(s)
	b := openPage(t, s)
	b.untilLive()
	eval[string](b, `window.loadedOnce = "yes"`)
	b.typeInto("text", "begun in the lobby")
	for _, link := range []string{".to-dashboard", ".to-inbox", ".to-compare", ".to-live", ".to-messages", `.rooms a[href="/room/deck"]`, `.to-dashboard`} {
		b.click(link)
		href := eval[string](b, `document.querySelector('`+link+`').getAttribute("href")`)
		b.until("the address is "+href, `location.pathname === "`+href+`"`)
		b.until("the link says so", `document.querySelector('`+link+`')?.getAttribute("aria-current") === "page" || location.pathname === "/room/deck"`)
		b.until("the keyboard is at the content", `document.activeElement.id === "content"`)
	}
	eval[string](b, `(history.back(), "")`)
	b.untilShows("Fog until noon.")
	b.until("the title is the room's", `document.title === "#deck · Seaway"`)
	s.postTo("deck", "Eva", "It lifts.")
	b.untilShows("It lifts.")
	b.click(".to-messages")
	b.untilShows("And?")
	if got := eval[string](b, `document.querySelector("#text").value`); got != "begun in the lobby" {
		t.Errorf("the composer of the lobby holds %q", got)
	}
	if b.reloaded() {
		t.Error("a link has loaded the page anew")
	}
	// The comparison opens streams of its own, and closes them. The dashboard's topic is
	// followed from its first view on: by a stream that takes the place of the first.
	if n := strings.Count(s.access.String(), "topic=room.lobby&"); n > 2 {
		t.Errorf("the tab opened %d streams", n)
	}
}

// Messages that come while another page is shown are counted at their links.
func TestUnseenMessagesAreCountedOnEveryPage(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	fill(s)
	b := openTab(t)
	b.navigate(s.url + "/dashboard")
	b.untilLive()
	s.postTo("lobby", "ann", "unseen")
	s.postTo("deck", "ann", "unseen")
	b.until("two are counted", `document.querySelector("#unread-messages").innerText.trim().startsWith("2")`)
	b.click(".to-messages")
	b.untilShows("unseen")
	b.until("the deck has one, the lobby none", `document.querySelector("#unread-deck").innerText.trim().startsWith("1") && !document.querySelector("#unread-lobby").innerText.trim()`)
}

// A page that is not live shows it, wherever it is scrolled to.
func TestPageThatIsNotLiveShowsIt(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	fill(s)
	s.untilMeasured(2)
	const label = `getComputedStyle(document.querySelector(".old")).display`
	tabs := make([]*tab, len(pages))
	for i, page := range pages {
		tabs[i] = openTab(t)
		tabs[i].navigate(s.url + page.path)
	}
	for i, b := range tabs {
		b.untilLive()
		if got := eval[string](b, label); got != "none" {
			t.Errorf("%s is live, and its label %s", pages[i].path, got)
		}
	}
	s.kill()
	for i, b := range tabs {
		b.until(pages[i].path+" says that it is not live", label+` === "block"`)
		old := "main > *"
		if pages[i].path == "/" { // its console shows what has happened
			old = ".told"
		}
		b.until(pages[i].path+" is grey", `getComputedStyle(document.querySelector("`+old+`")).filter === "grayscale(1)"`)
		if pages[i].path == "/dashboard" {
			b.screenshot("not-live")
		}
	}
	s.start()
	for _, b := range tabs {
		b.untilLive()
	}
}

// Each page at the size of a desk's screen and of a phone, by day and by night.
func TestPagesFitTheirScreens(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	fill(s)
	s.untilMeasured(10)
	for _, screen := range []struct {
		name          string
		width, height int64
	}{{"desk", 1280, 800}, {"phone", 390, 844}} {
		b := openTab(t) // of all pages: the wasm is compiled once
		for _, page := range pages {
			b.emulate(screen.width, screen.height, "light")
			b.navigate(s.url + page.path)
			b.untilLive()
			name := strings.ReplaceAll(strings.Trim(page.path, "/"), "/", "-")
			if name == "" {
				name = "front"
			}
			for _, scheme := range []string{"light", "dark"} {
				b.emulate(screen.width, screen.height, scheme)
				b.screenshot(strings.Join([]string{"page", name, screen.name, scheme}, "-"))
			}
			if wide := eval[int64](b, `document.documentElement.scrollWidth`); wide > screen.width {
				t.Errorf("%s is %d wide on a %s of %d", page.path, wide, screen.name, screen.width)
			}
			if small := eval[[]string](b, tooSmall); len(small) > 0 {
				t.Errorf("%s on a %s: smaller than 24 pixels: %q", page.path, screen.name, small)
			}
			below := eval[bool](b, `[...document.querySelectorAll("nav.pages a, #text, #send")].every(e => { const r = e.getBoundingClientRect(); return r.bottom <= innerHeight && r.right <= innerWidth })`)
			if !below {
				t.Errorf("%s on a %s: navigation or composer is off the screen", page.path, screen.name)
			}
		}
	}
}

// tooSmall lists what can be pressed and is smaller than WCAG 2.2 asks for
// (target size, 2.5.8); links in a sentence are exempt.
const tooSmall = `[...document.querySelectorAll("a, button, input, textarea, [tabindex='0']")]
	.filter(e => !e.closest("p") && !e.matches(".skip") && e.checkVisibility())
	.filter(e => { const r = e.getBoundingClientRect(); return r.width < 24 || r.height < 24 })
	.map(e => e.outerHTML.slice(0, 80))`

// No redraw moves what the user reads.
func TestDashboardDoesNotMoveAsItsNumbersChange(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	s.untilMeasured(3)
	b := openTab(t, `window.shifts = []; new PerformanceObserver(list => { for (const e of list.getEntries()) shifts.push(e.value + " " + e.sources.map(s => s.node?.nodeName + "." + s.node?.className).join()) }).observe({type: "layout-shift", buffered: true});`)
	b.navigate(s.url + "/dashboard")
	b.untilLive()
	first := eval[string](b, `document.querySelector("#tile-time .number").textContent`)
	s.untilMeasured(8)
	b.until("time has passed", fmt.Sprintf(`document.querySelector("#tile-time .number").textContent !== %q`, first))
	if shifts := eval[[]string](b, `shifts`); slices.ContainsFunc(shifts, func(s string) bool { return !strings.HasPrefix(s, "0.000") }) {
		t.Errorf("the page has moved: %q", shifts)
	}
}
