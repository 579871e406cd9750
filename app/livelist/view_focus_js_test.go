package livelist_test

import (
	"syscall/js"
	"testing"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/livelist"
)

func press(target js.Value, key string) (taken bool) {
	e := js.Global().Get("KeyboardEvent").New("keydown", map[string]any{"key": key, "bubbles": true, "cancelable": true})
	return !target.Call("dispatchEvent", e).Bool()
}

func focused() string { return document.Get("activeElement").Get("dataset").Get("id").String() }

func TestRowsAreReachedByArrows(t *testing.T) {
	s := open(t, numbered(60), line{new(int)}, livelist.ViewOptions{})
	s.scroll(500)
	s.do(func() { s.list.Upsert(item{"x", 0, "x"}) }) // behind a divider, in the next chunk but one
	s.do(func() { s.list.Remove("58"); s.list.Remove("59") })
	log := find(".livelist-log")
	for _, step := range []struct{ key, want string }{
		{"ArrowUp", "x"}, {"ArrowUp", "57"}, {"ArrowUp", "56"}, {"ArrowDown", "57"}, {"ArrowDown", "x"}, {"ArrowDown", "x"},
	} {
		target := document.Get("activeElement")
		if !log.Call("contains", target).Bool() {
			target = log
		}
		press(target, step.key)
		if got := focused(); got != step.want {
			t.Fatalf("after %s the focus is on %q, want %q", step.key, got, step.want)
		}
	}
	for _, key := range []string{"Home", "End", "PageUp", "PageDown", "Tab", "a"} {
		if press(log, key) {
			t.Errorf("%s is taken from the browser", key)
		}
	}
}

func TestArrowsAreLeftToWhereTheyAreNeeded(t *testing.T) {
	s := open(t, newList(0), field{}, livelist.ViewOptions{})
	s.post("a", "b")
	if press(find("[data-id=a] input"), "ArrowDown") {
		t.Error("an arrow is taken from a field")
	}
	tall := find("[data-id=a]")
	tall.Get("classList").Call("add", "tall")
	find("[data-id=b]").Get("classList").Call("add", "tall")
	find(".livelist-log").Set("scrollTop", -650) // in the middle of a
	tall.Call("setAttribute", "tabindex", "-1")
	tall.Call("focus", map[string]any{"preventScroll": true})
	if press(tall, "ArrowDown") || press(tall, "ArrowUp") {
		t.Error("the rest of a tall row cannot be scrolled to")
	}
}

// A field is a row with something to write into.
type field struct{}

func (field) Draw(i item, _ livelist.Moment) app.UI {
	return app.Div().DataSet("id", i.key).Body(app.Input().Type("text"))
}
