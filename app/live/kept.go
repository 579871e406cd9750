package live

import (
	"encoding/json"
	"errors"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// A field with the attribute data-draft="<name>" keeps its text under that name in the
// browser, from the first letter on: over a reload, a crash and a new build of the page,
// until [Clear] or SetDraft. The page's script does that, also before the program runs.

// Draft returns the text that is kept under a name. A component that draws a field later
// than the page puts it there.
func Draft(name string) string {
	if s := script(); s.Truthy() {
		return s.Call("get", draftKey+name).String()
	}
	return ""
}

// SetDraft keeps a text under a name; an empty one is forgotten.
func SetDraft(name, text string) {
	if s := script(); s.Truthy() {
		s.Call("set", draftKey+name, text)
	}
}

// FieldText returns the text in the field of that id.
func FieldText(id string) string {
	if field := app.Window().GetElementByID(id); field.Truthy() {
		return field.Get("value").String()
	}
	return ""
}

// Clear empties the field of that id and forgets its draft: what it held is sent.
func Clear(id string) {
	field := app.Window().GetElementByID(id)
	if !field.Truthy() {
		return
	}
	field.Set("value", "")
	if name := field.Get("dataset").Get("draft"); name.Truthy() {
		SetDraft(name.String(), "")
	}
}

const draftKey = "draft:"

// script is what the page's scripts offer, see forms.js. It is not there outside of a
// page that [Handler] serves.
func script() app.Value { return app.Window().Get("seaway") }

// keepsNothing reports whether the browser forgets all with the page.
func keepsNothing() bool {
	s := script()
	return s.Truthy() && !s.Get("lasting").Bool()
}

var errNotKept = errors.New("live: the browser has no room for it")

// keep stores a value for the tab, and for the one that takes its texts over: see kept.js.
func keep(key string, v any) error {
	s := script()
	if !s.Truthy() {
		return nil
	}
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if string(text) == "[]" {
		text = nil
	}
	if !s.Call("set", key, string(text)).Bool() {
		return errNotKept
	}
	return nil
}

// recall reads what was stored by keep; v stays as it is without anything.
func recall(key string, v any) error {
	s := script()
	if !s.Truthy() {
		return nil
	}
	text := s.Call("get", key).String()
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), v)
}
