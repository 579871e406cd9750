package page

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// field is an input of the page, by its id. Fields keep their own text: go-app
// cannot set a field's value to nothing.
type field string

func (f field) element() app.Value { return app.Window().GetElementByID(string(f)) }

// text returns what is in the field, without spaces around it.
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

// focusOn brings the keyboard to an element, if it is there.
func focusOn(id string) {
	if e := app.Window().GetElementByID(id); e.Truthy() {
		e.Call("focus")
	}
}

// focusEnd brings the keyboard behind the text of a field.
func focusEnd(id string) {
	focusOn(id)
	if e := app.Window().GetElementByID(id); e.Truthy() {
		end := e.Get("textLength").Int()
		e.Call("setSelectionRange", end, end)
	}
}

// isSend reports whether a key means that the text is done: Enter, but not the
// one that picks a word of an input method, and not with Shift.
func isSend(e app.Event) bool {
	return e.Get("key").String() == "Enter" && !e.Get("shiftKey").Bool() && !e.Get("isComposing").Bool()
}
