package live

import (
	"encoding/json"
	"maps"
	"strings"
	"syscall/js"
	"testing"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/shared/event"
)

// put puts HTML into the page for the time of a test.
func put(t *testing.T, html string) {
	t.Helper()
	document := js.Global().Get("document")
	element := document.Call("createElement", "div")
	element.Set("innerHTML", html)
	document.Get("body").Call("appendChild", element)
	t.Cleanup(func() { element.Call("remove") })
}

func element(id string) js.Value { return js.Global().Get("document").Call("getElementById", id) }

const formHTML = `<form><input id="name"><textarea id="text"></textarea>
	<input id="mail" type="email"><input id="given" value="given"><input type="checkbox" id="box" value="on">
	<input name="without-an-id"></form>`

func TestTypedTextIsRestored(t *testing.T) {
	put(t, `<div id="old">`+formHTML+`</div>`)
	element("name").Set("value", "Ann")
	element("text").Set("value", "half a sen")
	element("mail").Set("value", "ann@example.com")
	element("text").Call("focus")
	element("text").Call("setSelectionRange", 2, 4)
	typed := readTyped()
	if want := map[string]string{"name": "Ann", "text": "half a sen", "mail": "ann@example.com"}; !maps.Equal(typed.texts, want) {
		t.Errorf("it read %q", typed.texts)
	}

	element("old").Set("innerHTML", formHTML) // as go-app redraws it
	received := ""
	listen := js.FuncOf(func(_ js.Value, args []js.Value) any {
		received += args[0].Get("target").Get("id").String() + " "
		return nil
	})
	defer listen.Release()
	element("text").Call("addEventListener", "input", listen)
	typed.restore()
	if got := element("name").Get("value").String() + "|" + element("text").Get("value").String() + "|" + element("mail").Get("value").String(); got != "Ann|half a sen|ann@example.com" {
		t.Errorf("the fields hold %s", got)
	}
	if received != "text " {
		t.Errorf("a component that listens hears of %q", received)
	}
	active := js.Global().Get("document").Get("activeElement")
	if id, begin, end := active.Get("id").String(), active.Get("selectionStart").Int(), active.Get("selectionEnd").Int(); id != "text" || begin != 2 || end != 4 {
		t.Errorf("the keyboard is at %s, from %d to %d", id, begin, end)
	}
}

// An email field has no selection, and a field that was removed is not restored.
func TestTypedTextIsRestoredWhereItCan(t *testing.T) {
	put(t, `<div id="old">`+formHTML+`</div>`)
	element("mail").Set("value", "ann@example.com")
	element("mail").Call("focus")
	typed := readTyped()
	element("old").Set("innerHTML", `<input id="mail" type="email">`)
	typed.restore()
	if active := js.Global().Get("document").Get("activeElement"); active.Get("id").String() != "mail" || active.Get("value").String() != "ann@example.com" {
		t.Errorf("the keyboard is at %s", active.Get("outerHTML").String())
	}
	element("old").Set("innerHTML", "")
	typed.restore()
}

func TestUnsentTextHoldsAReload(t *testing.T) {
	put(t, `<input id="kept" data-kept="yes"><textarea id="open"></textarea><input type="checkbox" value="on"><input type="submit" value="Send">`)
	other := false
	p := New(Options{Topics: []string{"notes"}, Unsent: func() bool { return other }})
	element("kept").Set("value", "Ann")
	if p.unsent() {
		t.Error("a reload is held for text that is kept")
	}
	element("open").Set("value", "half a sen")
	if !p.unsent() {
		t.Error("a reload is not held for text that is not kept")
	}
	element("open").Set("value", "")
	if other = true; !p.unsent() {
		t.Error("a reload is not held for what Unsent reports")
	}
}

func filled(t *testing.T, text string) string {
	t.Helper()
	schema, err := json.Marshal(event.Schemas())
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer("%ID", id(3).String(), "%SCHEMA", string(schema)).Replace(text)
}

// What is carried, the browser reads once: go-app then draws the element empty.
func TestFirstEventsAreReadFromThePage(t *testing.T) {
	const text = `{"topics":["notes"],"position":"%ID","versions":{"schema":%SCHEMA},"events":[` +
		`{"id":"%ID","topic":"notes","at":"2026-01-01T00:00:00Z","type":"note.written.2","data":{"Text":"\u003c/script\u003e"}}]}`
	put(t, `<script type="application/json" id="`+firstID+`">`+filled(t, text)+`</script>`)
	r := newRig(Options{})
	r.Init()
	if len(r.shown) != 1 || r.shown[0] != "</script>" || r.State().Position != id(3) {
		t.Errorf("the page shows %q and goes on after %s", r.shown, r.State().Position)
	}
	if got := app.HTMLString(r.Carry()); got != `<script type="application/json" id="`+firstID+`">null</script>` {
		t.Errorf("the browser draws %s", got)
	}
}
