package e2e_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// recordLive records when the page first shows that it is live.
const recordLive = `
new MutationObserver(() => {
  if (!window.liveAt && document.querySelector("#status")?.textContent === "live") window.liveAt = performance.now();
}).observe(document, {childList: true, subtree: true, characterData: true});
`

// A link is an emulated network between browser and server.
type link struct {
	name  string
	bytes float64 // a second, each way; 0 for as fast as loopback is
	ms    float64 // of a round trip
}

var links = []link{
	{"loopback", 0, 0},
	{"10 Mbit/s, 40 ms", 10e6 / 8, 40},
}

// A load is one page load: milliseconds from navigation, and bytes from the
// server.
type load struct{ content, parsed, live, bytes float64 }

// BenchmarkPageLoad measures loads of the page, in Chromium, and prints a table of
// medians in Markdown:
//
//	make build && go test -C e2e -run '^$' -bench PageLoad -benchtime 7x .
//
// A first load is in a new profile. A repeated load is a navigation of the same
// tab when the service worker is active. Bytes are counted between browser and
// server, headers included, up to the moment when the page is live. Chromium
// emulates the network, for requests of the page, but not for WebSockets and the
// service worker's requests.
func BenchmarkPageLoad(b *testing.B) {
	s := startServer(b, "-no-limits")
	for i := range 50 {
		s.post("ann", fmt.Sprint("message ", i))
	}
	var out strings.Builder
	out.WriteString("\n| line | visit | first content | HTML parsed | live | from the server |\n|---|---|---|---|---|---|\n")
	for _, l := range links {
		b.Run(l.name, func(b *testing.B) {
			var first, repeat []load
			for b.Loop() {
				f, r := loads(b, s, l)
				first, repeat = append(first, f), append(repeat, r)
			}
			fmt.Fprint(&out, row(l, "first", first), row(l, "repeat", repeat))
			b.ReportMetric(median(first).live, "first-live-ms")
			b.ReportMetric(median(repeat).live, "repeat-live-ms")
			b.ReportMetric(0, "ns/op") // the browser's own start and end, of no interest
		})
	}
	fmt.Println(out.String())
}

// loads makes a first load and a repeated one.
func loads(b *testing.B, s *server, l link) (first, repeat load) {
	wire := newMeter(b, s.addr)
	t := openTab(b, recordLive)
	defer chromedp.Do(t.ctx, chromedp.Navigate("about:blank")) // or its stream would go on
	if l.bytes > 0 {
		t.slow(l.bytes, l.ms)
	}
	t.navigate(wire.url + lobby)
	first = t.load(wire)
	t.until("a service worker controls the page", `navigator.serviceWorker.controller`)
	wire.down.Store(0)
	t.navigate(wire.url + lobby)
	return first, t.load(wire)
}

// load waits until the page is live.
func (b *tab) load(wire *meter) (l load) {
	b.t.Helper()
	b.until("the page has been live", `window.liveAt`)
	l.bytes = float64(wire.down.Load())
	b.until("its paint has been recorded", `performance.getEntriesByName("first-contentful-paint").length`)
	l.content = eval[float64](b, `performance.getEntriesByName("first-contentful-paint")[0].startTime`)
	l.parsed = eval[float64](b, `performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd`)
	l.live = eval[float64](b, `window.liveAt`)
	return l
}

// median returns the one of each figure.
func median(all []load) (m load) {
	of := func(figure func(load) float64) float64 {
		slices.SortFunc(all, func(a, b load) int { return int(figure(a)*1000) - int(figure(b)*1000) })
		return figure(all[len(all)/2])
	}
	m.content = of(func(l load) float64 { return l.content })
	m.parsed = of(func(l load) float64 { return l.parsed })
	m.live = of(func(l load) float64 { return l.live })
	m.bytes = of(func(l load) float64 { return l.bytes })
	return m
}

func row(l link, which string, all []load) string {
	m := median(all)
	ms := func(f float64) string { return fmt.Sprint(time.Duration(f) * time.Millisecond) }
	return fmt.Sprintf("| %s | %s | %s | %s | %s | %.0f KB |\n", l.name, which, ms(m.content), ms(m.parsed), ms(m.live), m.bytes/1000)
}
