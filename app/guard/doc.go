// Package guard stands between go-app and those who visit a page. go-app draws
// components well, on the server and in the browser, and does nine things on the
// way that a live page cannot have. Each is met here once, for every page:
//
//   - Its service worker answers every request itself. An EventSource behind it
//     loses its position and never reconnects in Chromium, and is cut after 30 s
//     in Firefox. [Handler] puts a listener in front of it.
//   - It fetches /robots.txt and its like from the host that a request names, and
//     keeps the answer for everyone. Handler gives it no means to, and answers 404:
//     a server that has such a file serves it itself.
//   - Its one ETag answers 304 for every path of a version. Handler strips it from
//     everything that changes.
//   - Empty icons are loaded from another site, and if that fails the service
//     worker caches nothing. Handler leaves none empty.
//   - It asks for the wasm when both its scripts have come and run. Handler has it
//     preloaded, while the HTML is still being read.
//   - It sets no Content-Security-Policy. Handler sets one without unsafe-inline.
//   - It writes the values of attributes as Go strings, not as HTML. Package attr
//     escapes them: every text from people that becomes an attribute goes through
//     it. Texts that become text need nothing.
//   - It draws as many pages at once as are asked for, whatever else the server has
//     to do, and for clients that have gone. Handler draws a few at a time, has some
//     wait, and answers others 503: see [Limits].
//   - It draws a page in the browser anew, without what the server drew it from.
//     [Carry] sends that along, and [Carried] takes it up.
//
// # Promises
//
// A page that Handler serves may run its own files and its own wasm, and talk to
// its own server: nothing else, whatever markup a text from people might become.
// What is wrong in a request gets its status and never the page of another one.
// Handler is safe for concurrent use, starts no goroutine and needs no closing.
// go-app keeps routes for the whole process, so a process has one page program.
//
// Carry carries nothing in the browser, which has taken it up. It compiles into
// both halves, Handler into the server's alone.
package guard
