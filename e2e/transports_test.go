package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/seawaykit/seaway/app/sample/transports"
	"github.com/seawaykit/seaway/app/sample/words"
	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

// cell returns the text of a transport's figure.
func (b *tab) cell(figure string, kind contract.Kind) string {
	b.t.Helper()
	return eval[string](b, fmt.Sprintf(`document.getElementById("%s-%s").textContent`, figure, kind))
}

// number reads a whole number as the page writes it.
func (b *tab) number(figure string, kind contract.Kind) (n int) {
	b.t.Helper()
	text := strings.ReplaceAll(b.cell(figure, kind), ",", "")
	if _, err := fmt.Sscan(text, &n); err != nil {
		b.t.Fatalf("%s of %s is %q", figure, kind, text)
	}
	return n
}

// shifts records what moves down or up in the visible page, from window.since on.
// A figure that grows by a digit moves its first digit to the left: the browser
// counts that as a shift, and this function does not.
const shifts = `window.moved = [];
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) for (const s of entry.sources) {
    const within = s.node && (s.node.closest ? s.node : s.node.parentElement)?.closest(".compare");
    if (within && entry.startTime > window.since && s.previousRect.y !== s.currentRect.y) window.moved.push(s.node.textContent.slice(0, 80));
  }
}).observe({type: "layout-shift", buffered: true});`

// The page follows one topic by four transports, and shows what each costs. After
// a drop all four reconnect, and one of the two that only the browser looks after.
func TestComparisonMeasures(t *testing.T) {
	t.Parallel()
	admin := freeAddr(t)
	s := startServer(t, "-admin", admin)
	b := openTab(t, shifts)
	b.navigate(s.url + "/dashboard")
	b.untilLive()
	before := streams(admin)
	b.follow("/compare")
	b.until("the page is there", `document.querySelector(".claims")`)
	first := b.heights()
	// Two frames later what the screen's size has moved is drawn.
	eval[any](b, `new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => { window.since = performance.now(); done(0) })))`)
	for _, kind := range transports.Kinds {
		b.until(string(kind)+" is live", fmt.Sprintf(`document.getElementById("state-%s").textContent === "live"`, kind))
		b.until(string(kind)+" brings messages and is counted", fmt.Sprintf(
			`["messages", "median", "requests", "up", "down"].every(f => !["–", "0"].includes(document.getElementById(f + "-%s").textContent))`, kind))
	}
	b.until("polls have been many", `+document.getElementById("requests-poll").textContent >= 3`)
	if polls, sse := b.number("requests", contract.Poll), b.number("requests", contract.EventSource); polls <= sse || sse != 1 {
		t.Errorf("%d polls, and %d requests of SSE", polls, sse)
	}
	if n := streams(admin); n < before+2 {
		t.Errorf("%d streams with the comparison, %d without", n, before)
	}

	press(b, "talk")
	b.until("the talk is over", `document.getElementById("talked").textContent.startsWith("Answered on the WebSocket")`)
	press(b, "drop")
	b.until("the drop is over", `document.getElementById("dropped").textContent.includes("connections cut") && document.getElementById("drop").textContent === "Drop"`)
	said := eval[string](b, `document.getElementById("dropped").textContent`)
	if !strings.Contains(said, "Left to the browser: EventSource back in") || !strings.Contains(said, "WebSocket closed for good") {
		t.Errorf("after the drop: %s", said)
	}
	// A browser asks by itself again if a connection breaks that it has used before:
	// polls need not notice.
	for _, kind := range []contract.Kind{contract.WebSocket, contract.EventSource} {
		b.until(string(kind)+" is back", fmt.Sprintf(`document.getElementById("state-%s").textContent === "live"`, kind))
		if n := b.number("reconnects", kind); n < 1 {
			t.Errorf("%s has reconnected %d times", kind, n)
		}
	}
	for _, kind := range transports.Kinds {
		if n := b.number("missed", kind); n != 0 {
			t.Errorf("%s has missed %d messages", kind, n)
		}
	}
	for i, c := range transports.Claims {
		b.until("there is a verdict on: "+words.English.Compare.Said[i].Text, fmt.Sprintf(
			`(e => e && e.textContent !== "not measured yet")(document.querySelector("#claim-%s .verdict"))`, c.ID))
	}
	if moved := eval[[]string](b, `window.moved`); len(moved) > 0 {
		t.Errorf("something moved: %q", moved)
	}
	if last := b.heights(); last != first {
		t.Errorf("rows have grown, from\n%s\nto\n%s", first, last)
	}
	if bad := b.complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
	b.pictures("compare")
	b.follow("/dashboard")
	until(t, "the connections of the comparison are closed", func() bool { return streams(admin) == before })
}

// In the background the page has no connections for the comparison, and goes on
// when it is visible again.
func TestComparisonRestsUnseen(t *testing.T) {
	t.Parallel()
	admin := freeAddr(t)
	s := startServer(t, "-admin", admin)
	b := openTab(t)
	b.navigate(s.url + "/compare")
	b.until("SSE brings messages", `+document.getElementById("messages-eventsource").textContent > 2`)
	see := func(hidden bool) {
		eval[any](b, fmt.Sprintf(`Object.defineProperty(document, "hidden", {value: %v, configurable: true}), document.dispatchEvent(new Event("visibilitychange")), 0`, hidden))
	}
	see(true)
	until(t, "only the page's own stream is left", func() bool { return streams(admin) == 1 })
	n := b.number("messages", contract.EventSource)
	see(false)
	b.until("more come", fmt.Sprintf(`+document.getElementById("messages-eventsource").textContent > %d`, n+2))
	press(b, "pause")
	until(t, "the reader has paused it", func() bool { return streams(admin) == 1 })
	b.until("the button says so", `document.getElementById("pause").textContent === "Go on"`)
	n = b.number("messages", contract.EventSource)
	press(b, "pause")
	b.until("more come", fmt.Sprintf(`+document.getElementById("messages-eventsource").textContent > %d`, n+2))
	if n := b.number("reconnects", contract.EventSource) + b.number("missed", contract.EventSource); n != 0 {
		t.Errorf("%d reconnects and misses by a pause", n)
	}
}

// In a browser without EventSource the page says so, and measures the others.
func TestComparisonWithoutEventSource(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	b := openTab(t, `delete window.EventSource`)
	b.navigate(s.url + "/compare")
	b.until("a WebSocket brings messages", `+document.getElementById("messages-websocket").textContent > 2`)
	b.until("it is told so", `document.querySelector("#claim-told").textContent.includes("This browser has no EventSource")`)
	if state := b.cell("state", contract.EventSource); state != "closed" {
		t.Errorf("SSE is %s", state)
	}
}

// All texts can be read before the wasm runs, and without it.
func TestComparisonIsInTheHTML(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	_, html := s.get("/compare")
	for _, c := range words.English.Compare.Said {
		if !strings.Contains(html, c.Text) {
			t.Errorf("the page does not say that %s %s", c.About, c.Text)
		}
	}
	for _, text := range []string{"Measuring needs JavaScript", "not measured yet", transports.Dash} {
		if !strings.Contains(html, text) {
			t.Errorf("the page does not say %q", text)
		}
	}
	if strings.Contains(html, "holds</span>") {
		t.Error("a verdict is there before it was measured")
	}
}

// pictures saves how the page looks, large and small, by day and by night.
func (b *tab) pictures(name string) {
	b.t.Helper()
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{1280, 390} {
			b.emulate(width, 844, scheme)
			b.whole(fmt.Sprintf("%s-%d-%s", name, width, scheme))
		}
	}
}

// heights returns the heights of everything that is filled in later, on screens of
// several widths.
func (b *tab) heights() (all string) {
	b.t.Helper()
	for _, width := range []int64{1280, 800, 390} {
		b.emulate(width, 844, "light")
		all += fmt.Sprint(width, " ", eval[string](b, `[...document.querySelectorAll(".compare tr, .compare .outcome")].map(e => e.offsetHeight).join(" ")`), "\n")
	}
	b.emulate(1280, 844, "light")
	return all
}

// whole saves a picture of the page from top to bottom.
func (b *tab) whole(name string) {
	b.t.Helper()
	png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.MkdirAll("out", 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join("out", name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// follow presses a link.
func (b *tab) follow(path string) {
	b.t.Helper()
	eval[any](b, fmt.Sprintf(`document.querySelector('a[href="%s"]').click(), 0`, path))
}
