//go:build !js

package goapp

import (
	"bytes"
	"fmt"
	"html"
	"net/http"
	"slices"
)

// scriptPath is where a [Handler] serves the scripts of packages.
const scriptPath = "/seaway.js"

var registeredScripts parts

// Script registers a package's script, which starts the page's program: go-app's own
// loader does not run in a page whose server links any. Every [Handler] made afterwards
// serves it, in one file with all others, which runs after go-app's own scripts. Its
// element, document.currentScript, has the address of the wasm in data-wasm, and in
// data-size its size, unpacked; and in data-words those of [Options]. Call it as [Style].
func Script(name, js string) { registeredScripts.add(name, js) }

// startScript returns the registered scripts as one, nil if there are none.
func startScript() *file {
	return registeredScripts.join(scriptPath, "text/javascript; charset=utf-8", "")
}

// scriptElement returns the element that runs the script.
func scriptElement(f *file, wasm string, size int64, words string) string {
	if words != "" {
		words = ` data-words="` + html.EscapeString(words) + `"`
	}
	return fmt.Sprintf(`<script defer src="%s" data-wasm="%s" data-size="%d"%s></script>`, f.url(), html.EscapeString(wasm), size, words)
}

// ownStart is the call of go-app's loader in its app.js.
const ownStart = "\ngoappInitWebAssembly();\n"

// serveWithoutStart serves go-app's app.js without the call.
func serveWithoutStart(h http.Handler, w http.ResponseWriter, r *http.Request) {
	c := &captured{header: w.Header(), status: http.StatusOK}
	h.ServeHTTP(c, r)
	text := c.body.Bytes()
	if c.status == http.StatusOK {
		before, after, found := bytes.Cut(text, []byte(ownStart))
		if !found {
			panic("goapp: go-app's app.js does not start the page where it did")
		}
		text = slices.Concat(before, []byte("\n"), after)
		w.Header().Del("Content-Length")
	}
	w.WriteHeader(c.status)
	_, _ = w.Write(text) // a client that has gone needs no script
}

// captured holds an answer back.
type captured struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (c *captured) Header() http.Header            { return c.header }
func (c *captured) WriteHeader(status int)         { c.status = status }
func (c *captured) Write(text []byte) (int, error) { return c.body.Write(text) }
