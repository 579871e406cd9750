package source

import (
	"syscall/js"
	"time"

	"github.com/seawaykit/seaway/shared/browser"
)

// window is the browser's environment of the page. In a worker there is no
// document, and what only a document knows does not change.
type window struct{}

func defaultEnvironment() Environment { return window{} }

func (window) Watch(fn func(PageEvent)) (stop func()) {
	report := func(e js.Value) { fn(PageEvent(e.Get("type").String())) }
	stopWindow := browser.Listen(js.Global(), report, string(PageShow), string(PageHide), string(WentOnline), string(WentOffline), string(Focus))
	document := js.Global().Get("document")
	if !document.Truthy() {
		return stopWindow
	}
	stopDocument := browser.Listen(document, report, string(VisibilityChange), string(Resume))
	return func() {
		stopDocument()
		stopWindow()
	}
}

func (window) Online() bool {
	navigator := js.Global().Get("navigator")
	return !navigator.Truthy() || !navigator.Get("onLine").Equal(js.ValueOf(false))
}

func (window) Hidden() bool {
	document := js.Global().Get("document")
	return document.Truthy() && document.Get("hidden").Truthy()
}

func (window) Now() time.Time { return time.Now() }
