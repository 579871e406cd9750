package livelist

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// rows selects the row elements of a log.
const rows = ".livelist-chunk > :not(." + dividerClass + ")"

// moveFocus moves the focus from row to row with the arrow keys. Everything else
// is left to the browser: Home, End, PageUp and PageDown scroll the log, and Tab
// goes from a row to its buttons.
func moveFocus(log, e app.Value) {
	by := map[string]int{"ArrowUp": -1, "ArrowDown": 1}[e.Get("key").String()]
	if by == 0 || hasOtherMeaning(e) {
		return
	}
	all := log.Call("querySelectorAll", rows)
	next := all.Get("length").Int() - 1
	if row := e.Get("target").Call("closest", rows); row.Truthy() {
		if overflows(log, row, by) {
			return // the browser scrolls to the rest of it
		}
		next = indexOf(all, row) + by
	}
	if row := all.Call("item", next); row.Truthy() {
		e.Call("preventDefault")
		row.Call("setAttribute", "tabindex", "-1")
		row.Call("focus")
	}
}

// hasOtherMeaning reports whether a key means something else to the element that
// it was pressed in.
func hasOtherMeaning(e app.Value) bool {
	for _, name := range []string{"altKey", "ctrlKey", "metaKey", "shiftKey", "defaultPrevented"} {
		if e.Get(name).Bool() {
			return true
		}
	}
	return e.Get("target").Call("matches", "input, textarea, select, [contenteditable]").Bool()
}

func indexOf(all, row app.Value) int {
	return app.Window().Get("Array").Get("prototype").Get("indexOf").Call("call", all, row).Int()
}

// overflows reports whether a row extends beyond the log, above or below it.
func overflows(log, row app.Value, by int) bool {
	frame, box := log.Call("getBoundingClientRect"), row.Call("getBoundingClientRect")
	if by < 0 {
		return box.Get("top").Float() < frame.Get("top").Float()-1
	}
	return box.Get("bottom").Float() > frame.Get("bottom").Float()+1
}
