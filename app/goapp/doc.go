// Package goapp serves the HTML of a program written with go-app, a library for
// pages in Go, and has helpers for its components. It works around twelve behaviours
// of go-app that break live pages.
//
//	pages := goapp.Handler(goapp.Options{Name: "Harbour", Icon: icon, Assets: assets}) // on the server
//
//	app.Span().Title(goapp.Attr(m.Author)).Text(m.Author) // in Render
//
// It works around these:
//
//   - Its service worker answers every request itself. An EventSource behind it
//     loses its position and never reconnects in Chromium, and is cut after 30 s
//     in Firefox. [Handler] puts a listener in front of it.
//   - It fetches /robots.txt and its like from the host that a request names, and
//     keeps the answer for everyone. Handler disables that, and answers 404: a
//     server that has such a file serves it by its own route.
//   - Its one ETag answers 304 for every path of a version. Handler strips it from
//     everything that changes. A handler around the pages may set its own: see
//     [Options].
//   - Empty icons are loaded from another site, and if that fails the service
//     worker caches nothing. Handler leaves none empty.
//   - It requests the wasm after both its scripts have loaded and run. Handler
//     preloads it, while the HTML is still being read.
//   - It names its scripts without a hash and sends them uncompressed. Handler does
//     neither, so that a browser that has them asks no more.
//   - It writes every element on a line of its own. Handler writes no spaces that are
//     not in the page, which the browser's half would not draw.
//   - It names addresses of the page for other sites' previews that lack the host.
//     Handler leaves those out.
//   - It sets no Content-Security-Policy. Handler sets one without unsafe-inline.
//   - It writes the values of attributes as Go strings, not as HTML. [Attr]
//     escapes them: use it for every text from users that becomes an attribute.
//     Text nodes do not need it.
//   - It draws as many pages at once as are requested, whatever else the server
//     has to do, and for clients that have disconnected. Handler draws a few at a
//     time, lets some wait, and answers the others 503: see [Limits].
//   - It redraws a page in the browser, without the data that the server drew it
//     from. [Carry] sends the data along, and [Carried] reads it.
//
// # Styles
//
// Packages that draw elements register their style sheets by [Style], and Handler
// serves those of the packages that the program links. Their colours are custom
// properties that a page sets at :root: --seaway-ink, --seaway-quiet (secondary
// text), --seaway-line, --seaway-surface, --seaway-accent, --seaway-on-accent,
// --seaway-live, --seaway-wait, --seaway-wait-tint (behind it) and --seaway-bad.
// The defaults suit light and dark pages alike, by the color-scheme of the page.
//
// # Scripts
//
// A package that registers a script by [Script] starts the page in the place of
// go-app's own loader, as package live does.
//
// # Promises
//
// A page that Handler serves may run its own files and its own wasm, and send
// requests to its own server: nothing else, even if a text from users became
// markup. A wrong request gets the status for it, and never another request's
// page. Handler is safe for concurrent use, starts no goroutine and needs no
// closing. go-app keeps its routes for the whole process: handlers that draw different
// pages, as those of package live, need [Options].Status.
//
// Carry and Attr compile into both halves, Handler into the server's alone.
package goapp
