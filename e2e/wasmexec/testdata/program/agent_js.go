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
