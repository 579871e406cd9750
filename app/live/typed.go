package live

import (
	"encoding/json"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// typed holds what the user has typed into the page before the wasm ran, and the
// focus.
type typed struct {
	texts      map[string]string // by the id of the field
	focus      string            // an id
	begin, end app.Value         // of the selection; nil without one
	held       *heldForm         // what was sent; nil if nothing was
}

// typedRead is set once the text has been read: by the first page of the program,
// before go-app replaces what the server drew.
var typedRead bool

func takeTyped() *typed {
	if app.IsServer || typedRead {
		return nil
	}
	typedRead = true
	t := readTyped()
	t.readHeld()
	return t
}

// readHeld takes over the forms of the page from its script.
func (t *typed) readHeld() {
	s := script()
	if !s.Truthy() {
		return
	}
	if text := s.Call("up").String(); text != "" {
		t.held = &heldForm{}
		if err := json.Unmarshal([]byte(text), t.held); err != nil {
			app.Log(err)
		}
	}
}

func readTyped() *typed {
	t := &typed{texts: map[string]string{}}
	eachField(func(field app.Value) {
		text := field.Get("value").String()
		if id := field.Get("id").String(); id != "" && text != field.Get("defaultValue").String() {
			t.texts[id] = text
		}
	})
	active := document().Get("activeElement")
	if !active.Truthy() {
		return t
	}
	t.focus = active.Get("id").String()
	if begin := active.Get("selectionStart"); begin.Type() == app.TypeNumber {
		t.begin, t.end = begin, active.Get("selectionEnd")
	}
	return t
}

// restore puts the text into the fields that the components have drawn. They
// receive it by the input event that typing makes.
func (t *typed) restore() {
	for id, text := range t.texts {
		if field := app.Window().GetElementByID(id); field.Truthy() {
			field.Set("value", text)
			field.Call("dispatchEvent", app.Window().Get("Event").New("input", map[string]any{"bubbles": true}))
		}
	}
	if t.focus == "" {
		return
	}
	field := app.Window().GetElementByID(t.focus)
	if !field.Truthy() {
		return
	}
	field.Call("focus")
	if t.begin != nil {
		field.Call("setSelectionRange", t.begin, t.end)
	}
}

func (p *Page) restore() {
	if p.typed == nil {
		return
	}
	p.typed.restore()
	p.held, p.typed = p.typed.held, nil
	if p.opts.Identify == nil {
		p.sendHeld()
	}
}

// sendHeld sends what was sent before the program ran, once the server has said who the
// user is.
func (p *Page) sendHeld() {
	if p.held != nil {
		p.held.send()
		p.held = nil
		script().Call("sent")
	}
}
