package browser

import (
	"strings"
	"syscall/js"
)

// Prefix returns the prefix of the paths of the page's site, as /app; it is empty for a
// site at the root of its host. The page's script has it from the HTML.
func Prefix() string {
	document := js.Global().Get("document") // not in a worker
	if !document.Truthy() {
		return ""
	}
	root := document.Get("documentElement")
	if !root.Truthy() || root.Get("dataset").Get("prefix").Type() != js.TypeString {
		return ""
	}
	return root.Get("dataset").Get("prefix").String()
}

// Address returns an address with the prefix before it if it is a path of this host that
// does not have it.
func Address(url string) string {
	prefix := Prefix()
	if prefix == "" || !strings.HasPrefix(url, "/") || strings.HasPrefix(url, "//") || strings.HasPrefix(url, prefix+"/") {
		return url
	}
	return prefix + url
}
