package goapp_test

import (
	"syscall/js"
	"testing"

	"github.com/seawaykit/seaway/app/goapp"
)

// leave puts an element into the page as the server would have drawn it.
func leave(t *testing.T, id, text string) {
	t.Helper()
	document := js.Global().Get("document")
	element := document.Call("createElement", "script")
	element.Set("type", "application/json")
	element.Set("id", id)
	element.Set("textContent", text)
	document.Get("body").Call("appendChild", element)
	t.Cleanup(func() { element.Call("remove") })
}

func TestCarriedReadsWhatTheServerDrew(t *testing.T) {
	leave(t, "state", `{"text":"\u003c/script\u003e"}`)
	var got struct{ Text string }
	if !goapp.Carried("state", &got) || got.Text != "</script>" {
		t.Errorf("it took up %+v", got)
	}
}

func TestCarriedIsFalseWithoutElement(t *testing.T) {
	leave(t, "empty", "null")
	leave(t, "damaged", `{"text":`)
	for _, id := range []string{"none", "empty", "damaged"} {
		var got struct{ Text string }
		if goapp.Carried(id, &got) {
			t.Errorf("%s: it took up %+v", id, got)
		}
	}
}
