package source_test

import (
	"syscall/js"
	"testing"

	"github.com/seawaykit/seaway/app/source"
	script "github.com/seawaykit/seaway/app/transport/transporttest"
)

func TestPositionIsKeptForTheTab(t *testing.T) {
	defer js.Global().Get("sessionStorage").Call("clear")
	srv := script.Serve(t, fresh(script.Hold, text(notes(1, 3)...)), resumed(3, text(notes(4, 4)...)))
	opts := source.Options{UnsafeResumeAfterReload: true}
	tab := open(t, srv, opts)
	tab.expect(t, "connecting", "live", "1", "2", "3")
	tab.end(t)
	open(t, srv, opts)
	if got := after(t, srv.Wait(2, 1)[1]); got != at(3).String() {
		t.Errorf("asks for what is after %q, want %v", got, at(3))
	}
}

// Some browsers throw when a page without permission so much as looks.
func TestTabThatMayStoreNothing(t *testing.T) {
	for name, value := range map[string]js.Value{
		"none": js.Undefined(),
		"full": js.Global().Call("eval", `({getItem() { return null }, setItem() { throw new DOMException("full", "QuotaExceededError") }})`),
	} {
		t.Run(name, func(t *testing.T) {
			override(t, js.Global(), "sessionStorage", value)
			worksWithoutStorage(t)
		})
	}
	t.Run("forbidden", func(t *testing.T) {
		js.Global().Call("eval", `Object.defineProperty(globalThis, "sessionStorage", {configurable: true,
			get() { throw new DOMException("no", "SecurityError") }})`)
		defer js.Global().Get("Reflect").Call("deleteProperty", js.Global(), "sessionStorage")
		worksWithoutStorage(t)
	})
}

func worksWithoutStorage(t *testing.T) {
	t.Helper()
	srv := script.Serve(t, fresh(script.Hold, text(notes(1, 1)...)))
	tab := open(t, srv, source.Options{UnsafeResumeAfterReload: true})
	tab.expect(t, "connecting", "live", "1")
	tab.end(t)
}
