package e2e_test

import (
	"fmt"
	"testing"
)

// The dashboard is complete before any wasm, and goes on by itself.
func TestDashboardIsFullAtOnceAndMoves(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	s.untilMeasured(5)
	still := openTab(t)
	still.navigate(s.url + "/dashboard?wasm=false")
	const lines = `[...document.querySelectorAll(".chart .line")].map(e => e.getAttribute("d") ?? "")`
	drawn := eval[[]string](still, lines)
	if len(drawn) != 6 {
		t.Errorf("there are %d charts", len(drawn))
	}
	for i, d := range drawn {
		if len(d) < len("M684,244l2,0 2,0 2,0") {
			t.Errorf("chart %d of the HTML is %q", i, d)
		}
	}
	labels := eval[[]string](still, `[...document.querySelectorAll(".chart svg")].map(e => e.getAttribute("role") + ": " + e.getAttribute("aria-label"))`)
	for _, l := range labels {
		if len(l) < len("img: Memory in the last 5 minutes: now ") {
			t.Errorf("a chart is called %q", l)
		}
	}
	if n := eval[int](still, `document.querySelectorAll(".figures tbody tr").length`); n != 6 {
		t.Errorf("the table has %d rows", n)
	}

	b := openTab(t)
	b.navigate(s.url + "/dashboard")
	b.untilLive()
	before := eval[[]string](b, lines)
	b.until("the charts move", fmt.Sprintf(`document.querySelector("#chart-memory .line").getAttribute("d") !== %q`, before[1]))
	b.until("a stream is counted", `parseInt(document.querySelector("#chart-streams .number").textContent) >= 1`)
	b.until("and who is here", `parseInt(document.querySelector("#tile-present .number").textContent) === 1`)
	if bad := b.complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
	b.screenshot("dashboard")
}
