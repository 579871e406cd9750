package e2e_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// The front page, as it is served, has the newest times, and weighs little; so does the
// page of messages. Neither names an address that is none.
func TestFrontPageIsInItsHTML(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	fill(s)
	for i := range 60 {
		s.post("Ann Lindqvist", fmt.Sprintf("Message number %d is as long as a message in a chat is, give or take a few words.", i))
	}
	s.events("topic=clock&last=5", 5)
	front, html := s.get("/", "Accept-Encoding", "identity")
	items := regexp.MustCompile(`<li><span>Current time is </span><time datetime="[0-9T:-]+Z">\d\d:\d\d:\d\d UTC</time>`).FindAllString(html, -1)
	if front.StatusCode != 200 || len(items) < 5 {
		t.Errorf("status %d, %d times in the list: %s", front.StatusCode, len(items), html)
	}
	for path, page := range map[string]string{"/": html, lobby: s.page(lobby)} {
		if len(page) > 25_000 {
			t.Errorf("%s is %d bytes of HTML", path, len(page))
		}
		if strings.Contains(page, `"https://"`) || strings.Contains(page, "https:///") {
			t.Errorf("%s names an address without a host", path)
		}
	}
	resp, missing := s.get("/room/cellar")
	if resp.StatusCode != 404 || !strings.Contains(missing, "There is no page here") || !strings.Contains(missing, `href="/"`) {
		t.Errorf("an unknown room: %d, %s", resp.StatusCode, missing)
	}
}

// page returns a page's HTML.
func (s *server) page(path string) string {
	s.t.Helper()
	_, html := s.get(path, "Accept-Encoding", "identity")
	return html
}

// arrivals is what the front page says of its ticks.
const arrivals = `[...document.querySelectorAll("#arrivals dd")].map(e => +e.textContent)`

// console is its console's lines, the newest first, as "error 0 CONNECTING".
const console = `[...document.querySelectorAll("#console li")].map(e => [...e.querySelectorAll("b, .ready")].map(e => e.textContent).join(" "))`

// The server cuts the connection, and turns the page away once: all readyStates are
// seen. Then the page catches up, and has missed and repeated nothing.
func TestFrontPageIsCutAndCatchesUp(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	b := openTab(t)
	b.navigate(s.url + "/")
	b.untilLive()
	b.until("three times have come", arrivals+`[0] >= 3`)
	for _, line := range []string{" 0 CONNECTING", "open 1 OPEN", "message 1 OPEN"} {
		if !eval[bool](b, console+`.includes("`+line+`")`) {
			t.Errorf("the console lacks %q: %q", line, eval[[]string](b, console))
		}
	}
	frame := eval[string](b, `document.querySelector("#frame").textContent`)
	if !regexp.MustCompile(`^id: \S+ (clock|guests\.site) \d+\nevent: (clock\.ticked|guests\.changed)\ndata: \{.*\}\n$`).MatchString(frame) {
		t.Errorf("the frame is %q", frame)
	}
	b.click("#cut")
	b.until("the connection was lost", console+`.includes("error 0 CONNECTING")`)
	b.until("the browser has given up", console+`.includes("error 2 CLOSED")`)
	b.untilLive()
	b.until("it has caught up", arrivals+`[3] >= 1`)
	b.until("and goes on", arrivals+`[0] >= 8`)
	if got := eval[[]int](b, arrivals); got[1] != 0 || got[2] != 0 {
		t.Errorf("it has missed %d and repeated %d", got[1], got[2])
	}
	numbers := eval[[]string](b, `[...document.querySelectorAll("#ticks .number")].map(e => e.textContent)`)
	for i := 1; i < len(numbers); i++ {
		var newer, older int
		fmt.Sscanf(numbers[i-1], "#%d", &newer)
		fmt.Sscanf(numbers[i], "#%d", &older)
		if newer != older+1 {
			t.Errorf("the list has %q", numbers)
			break
		}
	}
	if bad := b.complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
}

// The pictures that are looked at, and README's first.
func TestFrontPageLooksWell(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	s.events("topic=clock&last=12", 12)
	for _, screen := range []struct {
		name          string
		width, height int64
	}{{"desk", 1280, 860}, {"phone", 390, 844}} {
		b := openTab(t, `window.shifts = 0; new PerformanceObserver(list => { for (const e of list.getEntries()) shifts += e.value }).observe({type: "layout-shift", buffered: true});`)
		b.emulate(screen.width, screen.height, "light")
		b.navigate(s.url + "/")
		b.untilLive()
		b.until("times have come", arrivals+`[0] >= 5 && document.querySelector("#frame").textContent.includes("clock.ticked")`)
		for _, scheme := range []string{"light", "dark"} {
			b.emulate(screen.width, screen.height, scheme)
			b.screenshot("front-" + screen.name + "-" + scheme)
		}
		if moved := eval[float64](b, `shifts`); moved > 0.1 {
			t.Errorf("on the %s it has moved by %v", screen.name, moved)
		}
		for _, seen := range []string{"#clock", "#ready-state", "#status"} {
			if !eval[bool](b, `(e => { const r = e.getBoundingClientRect(); return e.checkVisibility() && r.width > 20 && r.right <= innerWidth && r.bottom <= innerHeight })(document.querySelector("`+seen+`"))`) {
				t.Errorf("on the %s %s cannot be seen", screen.name, seen)
			}
		}
	}
}
