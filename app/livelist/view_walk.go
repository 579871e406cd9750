package livelist

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// rows selects the rows of a log.
const rows = ".livelist-chunk > :not(." + dividerClass + ")"

// walk moves the focus from row to row with the arrow keys. Everything else is
// the browser's: Home, End, PageUp and PageDown scroll the log, and from a row Tab
// goes on to its buttons.
func walk(log, e app.Value) {
	by := map[string]int{"ArrowUp": -1, "ArrowDown": 1}[e.Get("key").String()]
	if by == 0 || isTaken(e) {
		return
	}
	all := log.Call("querySelectorAll", rows)
	next := all.Get("length").Int() - 1
	if row := e.Get("target").Call("closest", rows); row.Truthy() {
		if sticksOut(log, row, by) {
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

// isTaken reports whether a key means something else to where it was pressed.
func isTaken(e app.Value) bool {
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

// sticksOut reports whether a row goes on beyond the log, above or below it.
func sticksOut(log, row app.Value, by int) bool {
	frame, box := log.Call("getBoundingClientRect"), row.Call("getBoundingClientRect")
	if by < 0 {
		return box.Get("top").Float() < frame.Get("top").Float()-1
	}
	return box.Get("bottom").Float() > frame.Get("bottom").Float()+1
}
