//go:build !js

package goapp

import _ "embed"

// colours are the custom properties that all sheets use.
//
//go:embed style.css
var colours string

// stylePath is where a [Handler] serves the sheets.
const stylePath = "/seaway.css"

// registered are the sheets of the packages that the program links.
var registered parts

// Style registers a package's style sheet. Every [Handler] made afterwards serves
// it, in one file with all others, linked before the page's own styles. Call it
// with an embedded file in an init function of a file that is not compiled into
// the wasm. It panics if the name is registered already.
func Style(name, css string) { registered.add(name, css) }

// styleSheet returns the registered sheets as one, nil if there are none.
func styleSheet() *file { return registered.join(stylePath, "text/css; charset=utf-8", colours) }
