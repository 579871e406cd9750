package guard

import (
	"encoding/json"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Carry draws an element that carries v, as JSON, from the server's drawing of a
// page to the browser's, under an id of the page's choice: a constant, not a text
// from people. It is not seen, and the browser does not run it. A v that is no
// JSON is not carried.
//
// A component draws it in both halves, so that its other elements stand at the
// same places in both. In the browser the element is empty.
func Carry(id string, v any) app.UI {
	text := []byte("null")
	if app.IsServer {
		// encoding/json writes <, > and & as escapes: nothing in v can end
		// the element. What cannot be written is as good as absent.
		if written, err := json.Marshal(v); err == nil {
			text = written
		}
	}
	return app.Raw(`<script type="application/json" id="` + id + `">` + string(text) + `</script>`)
}

// Carried reads into v what the server has left under the id, and reports whether
// there was anything. A component calls it in OnInit: later the page is drawn
// anew, and the element is empty. On the server there is never anything.
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
		app.Log("what the server has left cannot be read:", err)
		return false
	}
	return true
}
