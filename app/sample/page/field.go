package page

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// field is an input element, by its id. The browser keeps its text: go-app cannot
// set a field's value to an empty text.
type field string

func (f field) element() app.Value { return app.Window().GetElementByID(string(f)) }

// text returns the text in the field, trimmed.
func (f field) text() string {
	if e := f.element(); e.Truthy() {
		return strings.TrimSpace(e.Get("value").String())
	}
	return ""
}

func (f field) set(text string) {
	if e := f.element(); e.Truthy() {
		e.Set("value", text)
	}
}

func document() app.Value { return app.Window().Get("document") }

// focusOn moves the focus to an element, if it exists.
func focusOn(id string) {
	if e := app.Window().GetElementByID(id); e.Truthy() {
		e.Call("focus")
	}
}

// focusEnd moves the focus to a field, with the cursor behind its text.
func focusEnd(id string) {
	focusOn(id)
	if e := app.Window().GetElementByID(id); e.Truthy() {
		end := e.Get("textLength").Int()
		e.Call("setSelectionRange", end, end)
	}
}

// isSend reports whether a key sends the text: Enter, but not with Shift, and not
// the Enter that picks a word of an input method.
func isSend(e app.Event) bool {
	return e.Get("key").String() == "Enter" && !e.Get("shiftKey").Bool() && !e.Get("isComposing").Bool()
}
