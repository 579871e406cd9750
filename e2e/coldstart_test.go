package e2e_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// requests returns what was asked of the server so far, as "GET /path 200".
func (s *server) requests() (all []string) {
	for _, m := range regexp.MustCompile(`"(GET|POST) (\S+) HTTP/[0-9.]+" (\d+)`).FindAllStringSubmatch(s.access.String(), -1) {
		all = append(all, m[1]+" "+m[2]+" "+m[3])
	}
	return all
}

func (s *server) asked(path string) (n int) {
	for _, r := range s.requests() {
		if strings.HasPrefix(r, "GET "+path) {
			n++
		}
	}
	return n
}

// The wasm is asked for by the HTML, in parallel with the scripts that start it,
// and compiled as it arrives. What was preloaded is what they use.
func TestWasmIsPreloadedOnceAndCompiledAsItArrives(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	b := openTab(t, countStarts)
	b.navigate(s.url + lobby)
	b.untilLive()
	b.until("a service worker controls the page", `navigator.serviceWorker.controller`)
	b.until("its cache holds the wasm", `caches.keys().then(async keys => {
		for (const k of keys) if ((await (await caches.open(k)).keys()).some(r => r.url.includes("/web/app.wasm?v="))) return true;
	})`)
	until(t, "the server has noted the wasm", func() bool { return s.asked("/web/app.wasm") > 0 })
	if n := s.asked("/web/app.wasm"); n != 1 {
		t.Errorf("the wasm was asked for %d times: %q", n, s.requests())
	}
	// An unused preload would be followed by an entry of fetch.
	by := eval[[]string](b, `performance.getEntriesByType("resource").filter(e => e.name.includes("/web/app.wasm")).map(e => e.initiatorType)`)
	if !slices.Equal(by, []string{"link"}) {
		t.Errorf("the wasm was loaded by %q, want the link alone", by)
	}
	if got := eval[string](b, `starts.join(" ")`); got != "streaming" {
		t.Errorf("the wasm was compiled by %q", got)
	}
	if bad := b.complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
	_, body := s.get("/")
	for _, script := range regexp.MustCompile(`<script[^>]*src=[^>]*>`).FindAllString(body, -1) {
		if !strings.Contains(script, "defer") {
			t.Errorf("%s holds the HTML up", script)
		}
	}
}

// On a slow machine the wasm is used long after it was preloaded, and Chromium
// warns. Used it is all the same: it is not loaded twice.
func TestPreloadThatIsUsedLateIsNoFault(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	b := openTab(t, holdFetch)
	b.navigate(s.url + lobby)
	b.until("the page fetches the wasm", `window.go`)
	until(t, "Chromium warns of the preload", func() bool { return b.warned(unusedYet) })
	if bad := b.complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
	eval[string](b, `(go(), "")`)
	b.untilLive()
	until(t, "the server has noted the wasm", func() bool { return s.asked("/web/app.wasm") > 0 })
	if n := s.asked("/web/app.wasm"); n != 1 {
		t.Errorf("the wasm was asked for %d times: %q", n, s.requests())
	}
}

// holdFetch has the page's own fetch of the wasm wait for go().
const holdFetch = `
const real = window.fetch;
window.fetch = async (...args) => {
  if (String(args[0]?.url ?? args[0]).includes("/web/app.wasm")) await new Promise(done => { window.go = done });
  return real(...args);
};
`

// countStarts notes in which way wasm is compiled.
const countStarts = `
window.starts = [];
for (const [name, word] of [["instantiateStreaming", "streaming"], ["instantiate", "whole"], ["compile", "whole"]]) {
  const real = WebAssembly[name];
  WebAssembly[name] = function(...args) { starts.push(word); return real.apply(this, args); };
}
`

// A page that was loaded before requests only what changes: its HTML, its stream, states
// and what belongs to the user. It requests no code, and revalidates none. The
// browser checks for another service worker, and gets 304.
func TestPageLoadedAgainLoadsNoCode(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	b := openPage(t, s)
	b.untilControlled()
	before := len(s.requests())
	if err := chromedp.Do(b.ctx, chromedp.Navigate(s.url+lobby+"?again")); err != nil {
		t.Fatal(err)
	}
	b.untilLive()
	b.until("the inbox is there", `performance.getEntriesByType("resource").some(e => e.name.includes("/state?window&topic=user."))`)
	b.navigate("about:blank") // a stream may be noted when it ends
	for _, begins := range []string{"GET " + lobby + "?again", "GET /events", "GET /state?window&topic=user."} {
		until(t, "the second visit's "+begins+" has been noted", func() bool {
			return slices.ContainsFunc(s.requests()[before:], func(r string) bool { return strings.HasPrefix(r, begins) })
		})
	}
	for _, r := range s.requests()[before:] {
		switch method, rest, _ := strings.Cut(r, " "); {
		case method == "POST" && strings.HasPrefix(rest, "/commands/"): // who the user is
		case method == "GET" && (strings.HasPrefix(rest, lobby+"?again ") || strings.HasPrefix(rest, "/events?") || strings.HasPrefix(rest, "/state?window&topic=")):
		case r == "GET /app-worker.js 304":
		default:
			t.Errorf("the second visit asked for %s", r)
		}
	}
}

// slow is the tab's network from here on: bytes a second each way, and the
// milliseconds of a round trip. It does not shape WebSockets.
func (b *tab) slow(bytes, latency float64) {
	b.t.Helper()
	conditions := []*network.Conditions{{Latency: latency, DownloadThroughput: bytes, UploadThroughput: bytes}}
	params := network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: conditions}
	if _, err := chromedp.Call(b.ctx, network.EmulateNetworkConditionsByRule, params); err != nil {
		b.t.Fatal(err)
	}
}

// While the wasm arrives the status says how much of it has, and nothing hides what can
// be read already.
func TestProgressIsHonestAndHidesNothing(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	s.post("ann", "to be read")
	b := openTab(t, watchLoader)
	b.slow(600_000, 20)
	b.navigate(s.url + lobby)
	b.untilLive()
	seen := eval[[]string](b, `labels`)
	last := -1
	all := ""
	for _, label := range seen {
		m := regexp.MustCompile(`^Loading ([\d,]+) of ([\d,]+) KB$`).FindStringSubmatch(label)
		if m == nil {
			continue // what the page says before and after it
		}
		done, err := strconv.Atoi(strings.ReplaceAll(m[1], ",", ""))
		if err != nil || done < last || all != "" && m[2] != all {
			t.Errorf("the status said %q after %d: %q", label, last, seen)
			break
		}
		last, all = done, m[2]
	}
	if len(seen) < 5 || strings.ReplaceAll(all, ",", "") != strconv.Itoa(last) {
		t.Errorf("the status said %q", seen)
	}
	if hidden := eval[[]string](b, `hidden`); len(hidden) > 0 {
		t.Errorf("the loader hid %q", hidden)
	}
	if n := eval[int](b, `looks`); n == 0 {
		t.Error("nobody looked at the page while it loaded")
	}
}

// watchLoader notes each text of the status, and each time what stands in the middle of
// the texts that can be read.
const watchLoader = `
window.labels = []; window.hidden = []; window.looks = 0;
new MutationObserver(() => {
  const label = document.querySelector("#status");
  if (document.readyState === "loading") return; // half a label may have come
  if (!label || labels.at(-1) === label.textContent) return;
  labels.push(label.textContent);
  for (const e of document.querySelectorAll("h1, #status, #messages .text, #text, #send")) {
    const box = e.getBoundingClientRect();
    if (!box.width || box.top < 0 || box.bottom > innerHeight) continue;
    looks++;
    for (const top of document.elementsFromPoint(box.left + box.width / 2, box.top + box.height / 2)) {
      if (top === e || e.contains(top) || top.contains(e)) break;
      hidden.push(e.outerHTML + " behind " + top.outerHTML);
    }
  }
}).observe(document, {childList: true, subtree: true, characterData: true});
`
