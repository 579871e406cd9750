package live

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// textFields are the elements that hold what a user types or chooses as text.
const textFields = "textarea,input:not([type=button],[type=submit],[type=reset],[type=image],[type=hidden],[type=checkbox],[type=radio],[type=range],[type=color])"

func document() app.Value { return app.Window().Get("document") }

// eachField calls fn with the text fields of the page.
func eachField(fn func(field app.Value)) {
	fields := document().Call("querySelectorAll", textFields)
	for i := range fields.Length() {
		fn(fields.Index(i))
	}
}

// hasUnsentText reports whether a text field holds anything, unless the page keeps
// it elsewhere: then the field has the attribute data-kept.
func hasUnsentText() (unsent bool) {
	eachField(func(field app.Value) {
		unsent = unsent || field.Get("value").String() != "" && !field.Call("hasAttribute", "data-kept").Bool()
	})
	return unsent
}
