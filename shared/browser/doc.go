// Package browser calls the browser's own functions from Go, with types: promises,
// fetch, events, constructors. Its Fetch replaces net/http, which works in
// browsers but is as large as a whole page.
//
//	resp, err := browser.Fetch(ctx, "/poll", browser.Request{Cache: "no-store"})
//	if err != nil { ... }
//	defer resp.Close()
//	text, err := resp.Text()
//
//	stop := browser.Listen(js.Global(), func(e js.Value) { ... }, "online", "offline")
//	defer stop()
//
// # Promises
//
// Release: a function that is passed to JavaScript is released when its listener
// is stopped or its promise settled. [Callbacks] counts those that are not, so
// that a test can check that none is left.
//
// Errors: exceptions of JavaScript, and reasons of rejected promises, are errors
// and not panics. What this browser does not have is an [errors.ErrUnsupported].
//
// Blocking: [Await], [Fetch] and what reads a [Response] block their goroutine
// until the browser is done, and must not run inside a callback. The functions
// given to [Listen] and [Callback] must not block: while one of them runs the
// browser does nothing else.
//
// Outside of browsers the package is empty.
package browser
