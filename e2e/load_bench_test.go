package e2e_test

import (
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
)

// recordLive notes when the page first calls itself live.
const recordLive = `
new MutationObserver(() => {
  if (!window.liveAt && document.querySelector("#status")?.textContent === "live") window.liveAt = performance.now();
}).observe(document, {childList: true, subtree: true, characterData: true});
`

// BenchmarkPageLoad measures, over loopback, the time from navigation until the
// page shows content and until it is live: on a first visit, and on a second
// one, where the files come from the service worker's cache.
func BenchmarkPageLoad(b *testing.B) {
	s := startServer(b)
	for i := range 50 {
		s.post("ann", "message "+string(rune('a'+i%26)))
	}
	var first, second struct{ content, live []float64 }
	for b.Loop() {
		t := openTab(b, recordLive)
		t.visit(s.url + "/")
		c, l := t.timings()
		first.content, first.live = append(first.content, c), append(first.live, l)
		t.until("a service worker controls the page", `navigator.serviceWorker.controller`)
		if err := chromedp.Do(t.ctx, chromedp.Reload()); err != nil {
			b.Fatal(err)
		}
		c, l = t.timings()
		second.content, second.live = append(second.content, c), append(second.live, l)
	}
	b.ReportMetric(median(first.content), "first-content-ms")
	b.ReportMetric(median(first.live), "first-live-ms")
	b.ReportMetric(median(second.content), "second-content-ms")
	b.ReportMetric(median(second.live), "second-live-ms")
	b.ReportMetric(0, "ns/op") // the browser's own start and end, of no interest
}

func (b *tab) timings() (content, live float64) {
	b.t.Helper()
	b.until("the page has been live", `window.liveAt`)
	b.until("its paint has been recorded", `performance.getEntriesByName("first-contentful-paint").length`)
	return eval[float64](b, `performance.getEntriesByName("first-contentful-paint")[0].startTime`), eval[float64](b, `window.liveAt`)
}

func median(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}
