package main

import (
	"strings"
	"syscall/js"
)

// isIn reports whether the program runs in the browser of that name.
func isIn(browser string) bool {
	return strings.Contains(js.Global().Get("navigator").Get("userAgent").String(), browser+"/")
}
