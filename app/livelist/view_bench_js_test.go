package livelist_test

import (
	"slices"
	"strconv"
	"syscall/js"
	"testing"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/livelist"
)

// BenchmarkRender is what a change costs until the document shows it, without
// the browser's layout. The median says more than the mean on a busy machine.
func BenchmarkRender(b *testing.B) {
	for _, n := range []int{100, 1000, 10_000} {
		for _, burst := range []int{1, 100} {
			b.Run(strconv.Itoa(n)+"+"+strconv.Itoa(burst), func(b *testing.B) { render(b, n, burst) })
		}
	}
}

func render(b *testing.B, n, burst int) {
	s := open(b, filled(n, n), line{new(int)}, livelist.ViewOptions{})
	var took []float64
	now := js.Global().Get("performance")
	for b.Loop() {
		began := now.Call("now").Float()
		for range burst {
			n++
			key := strconv.Itoa(n)
			s.ctx.Dispatch(func(app.Context) { s.list.Upsert(item{key: key, text: "a message of some length"}) })
		}
		s.engine.ConsumeAll()
		took = append(took, now.Call("now").Float()-began)
	}
	report(b, took)
}

func report(b *testing.B, took []float64) {
	slices.Sort(took)
	b.ReportMetric(took[len(took)/2], "ms/median")
	b.ReportMetric(took[len(took)*9/10], "ms/p90")
	b.ReportMetric(took[0], "ms/min")
}
