package goapp

import (
	"encoding/json"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Carry draws a hidden element that carries v, as JSON, from the page that the
// server draws to the browser, which reads it by [Carried]. The page chooses the
// id, which must be a constant and no text from users. The browser does not run
// the element. A v that has no JSON is left out.
//
// A component must draw it on the server and in the browser, so that its other
// elements have the same places in both. In the browser the element is empty.
func Carry(id string, v any) app.UI {
	text := Packed("null")
	if app.IsServer {
		text = Pack(v)
	}
	return app.Raw(`<script type="application/json" id="` + id + `">` + string(text) + `</script>`)
}

// A Packed value is one that [Carry] does not need to encode again. Make one with
// [Pack], for what many pages carry.
type Packed string

// Pack encodes v as JSON once. A Packed v is returned as it is, and a v that has
// no JSON is left out.
func Pack(v any) Packed {
	if packed, ok := v.(Packed); ok {
		return packed
	}
	// encoding/json writes <, > and & as escapes: nothing in v can end the element.
	text, err := json.Marshal(v)
	if err != nil {
		return "null"
	}
	return Packed(text)
}

// Carried decodes into v what the server has carried under the id, and reports
// whether there was anything. Call it in OnInit: later go-app has redrawn the
// page, and the element is empty. On the server it returns false.
func Carried(id string, v any) bool {
	if app.IsServer {
		return false
	}
	element := app.Window().GetElementByID(id)
	if !element.Truthy() {
		return false
	}
	text := element.Get("textContent").String()
	if text == "null" {
		return false
	}
	if err := json.Unmarshal([]byte(text), v); err != nil {
		app.Log("goapp: what the server has carried cannot be decoded:", err)
		return false
	}
	return true
}
