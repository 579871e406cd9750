package livelist_test

import (
	"syscall/js"
	"testing"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/livelist"
	"github.com/seawaykit/seaway/app/livelist/livelisttest"
)

// style is what a view needs of livelist.css to scroll as it does
// there.
const style = `
.livelist-log { display: flex; flex-direction: column-reverse; height: 200px; overflow-y: auto; }
.livelist-older { height: 40px; overflow-anchor: none; }
.livelist-log p { margin: 0; height: 20px; }
.livelist-log .tall { height: 500px; }`

var document = js.Global().Get("document")

// A stage is a page that shows a list, and an engine that draws a frame when the
// test calls it.
type stage struct {
	t      testing.TB
	engine app.TestEngine
	clock  *livelisttest.Clock
	*host
}

// A host is the component around the view.
type host struct {
	app.Compo
	list  *livelist.List[item]
	row   livelist.Row[item]
	frame livelist.ViewOptions

	ctx     app.Context
	closed  bool
	renders int
}

func (h *host) OnMount(ctx app.Context) { h.ctx = ctx }

func (h *host) Render() app.UI {
	h.renders++
	if h.closed {
		return app.Main()
	}
	return app.Main().Body(livelist.Show(h.list, h.row, h.frame))
}

// open shows a list.
func open(t testing.TB, list *livelist.List[item], row livelist.Row[item], opts livelist.ViewOptions) *stage {
	t.Helper()
	sheet := document.Call("createElement", "style")
	sheet.Set("textContent", style)
	document.Get("head").Call("append", sheet)
	root := document.Call("createElement", "div")
	document.Get("body").Call("replaceChildren", root)
	document.Set("title", opts.Title)

	clock := livelisttest.NewClock(noon)
	opts.Clock = clock
	s := &stage{t: t, engine: app.NewTestEngine(), clock: clock, host: &host{list: list, row: row, frame: opts}}
	if err := s.engine.Load(s.host); err != nil {
		t.Fatal(err)
	}
	s.until(func() bool { return find(".livelist-moving").Truthy() })
	t.Cleanup(func() {
		s.do(func() { s.closed = true })
		sheet.Call("remove")
		if n := clock.Watches(); n != 0 {
			t.Errorf("%d watches of the clock are left", n)
		}
	})
	return s
}

// do changes something as a page does, and draws.
func (s *stage) do(change func()) {
	s.ctx.Dispatch(func(app.Context) { change() })
	s.engine.ConsumeAll()
}

// pass lets time go by.
func (s *stage) pass(d time.Duration) {
	s.clock.Advance(d)
	s.engine.ConsumeAll()
}

// until draws frames until a condition holds; the test's own limit is the limit.
func (s *stage) until(holds func() bool) {
	for !holds() {
		nextFrame()
		s.engine.ConsumeAll()
	}
}

// nextFrame waits for the browser's next frame, after which scroll events have
// been delivered.
func nextFrame() {
	drawn := make(chan struct{})
	var fn js.Func
	fn = js.FuncOf(func(js.Value, []js.Value) any {
		fn.Release()
		close(drawn)
		return nil
	})
	js.Global().Call("requestAnimationFrame", fn)
	<-drawn
}

func find(selector string) js.Value { return document.Call("querySelector", selector) }

func count(selector string) int {
	return document.Call("querySelectorAll", selector).Get("length").Int()
}

// read returns the text of an element, "" if there is none.
func read(selector string) string {
	if e := find(selector); e.Truthy() {
		return e.Get("textContent").String()
	}
	return ""
}

func (s *stage) click(selector string) {
	s.t.Helper()
	e := find(selector)
	if !e.Truthy() {
		s.t.Fatalf("there is no %s", selector)
	}
	e.Call("click")
	s.engine.ConsumeAll()
}

// scroll moves the log this many pixels from its end, and waits until the view has
// handled the event.
func (s *stage) scroll(fromEnd int) {
	log := find(".livelist-log")
	log.Set("scrollTop", -fromEnd)
	nextFrame()
	nextFrame()
	s.engine.ConsumeAll()
}
