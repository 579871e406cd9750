//go:build !js

package goapp

import (
	"bytes"
	"fmt"
	"html"
	"slices"
)

// scriptPath is where a [Handler] serves the scripts of packages.
const scriptPath = "/seaway.js"

var registeredScripts parts

// Script registers a package's script, which starts the page's program: go-app's own
// loader does not run in a page whose server links any. Every [Handler] made afterwards
// serves it, in one file with all others, which runs after go-app's own scripts. Its
// element, document.currentScript, has the address of the wasm in data-wasm, and in
// data-size its size, unpacked; in data-words those of [Options]; and in data-prefix the
// prefix of the site's paths, if it has one. Call it as [Style].
func Script(name, js string) { registeredScripts.add(name, js) }

// startScript returns the registered scripts as one, nil if there are none.
func startScript() *file {
	return registeredScripts.join(scriptPath, "text/javascript; charset=utf-8", "")
}

// scriptElement returns the element that runs the script.
func scriptElement(f *file, at root, wasm string, size int64, words string) string {
	if words != "" {
		words = ` data-words="` + html.EscapeString(words) + `"`
	}
	if at.prefix != "" {
		words += ` data-prefix="` + html.EscapeString(at.prefix) + `"`
	}
	return fmt.Sprintf(`<script defer src="%s" data-wasm="%s" data-size="%d"%s></script>`, f.url(), html.EscapeString(wasm), size, words)
}

// ownStart is the call of go-app's loader in its app.js.
const ownStart = "\ngoappInitWebAssembly();\n"

// withoutStart returns go-app's app.js without the call.
func withoutStart(text []byte) []byte {
	before, after, found := bytes.Cut(text, []byte(ownStart))
	if !found {
		panic("goapp: go-app's app.js does not start the page where it did")
	}
	return slices.Concat(before, []byte("\n"), after)
}
