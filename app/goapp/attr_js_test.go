package goapp

import (
	"strconv"
	"syscall/js"
	"testing"

	"github.com/seawaykit/seaway/app/livelist/livelisttest"
)

// In the browser Attr must not escape: go-app sets attributes through the DOM.
func TestAttrIsReadBackByTheBrowser(t *testing.T) {
	document := js.Global().Get("document")
	for _, text := range livelisttest.Hostile {
		read := document.Call("createElement", "div")
		read.Set("innerHTML", "<i title="+strconv.Quote(escape(sanitize(text)))+"></i>")
		given := document.Call("createElement", "i")
		given.Call("setAttribute", "title", Attr(text))
		if read.Get("childElementCount").Int() != 1 {
			t.Errorf("%.40q is %.80s", text, read.Get("innerHTML"))
			continue
		}
		if got, want := read.Get("firstChild").Get("title").String(), given.Get("title").String(); got != want {
			t.Errorf("%.40q is read as %.40q and given as %.40q", text, got, want)
		}
	}
}
