package main

import (
	"strings"
	"syscall/js"
)

// replaceFetch puts a function in fetch's place that never answers, as a test
// does that looks at what is fetched.
func replaceFetch() {
	js.Global().Set("fetch", js.Global().Call("eval", "() => new Promise(() => {})"))
}

// isIn reports whether the program runs in the browser of that name.
func isIn(browser string) bool {
	return strings.Contains(js.Global().Get("navigator").Get("userAgent").String(), browser+"/")
}

// stored reports whether a program of before has left something in the browser,
// and leaves something there.
func stored() bool {
	items, doc := js.Global().Get("localStorage"), js.Global().Get("document")
	was := items.Get("length").Int() > 0 || doc.Get("cookie").String() != "" || js.Global().Get("history").Get("length").Int() > 1
	items.Call("setItem", "left", "behind")
	doc.Set("cookie", "left=behind; max-age=3600")
	return was
}
