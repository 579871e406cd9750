// Package interop_test compares what the kit writes and reads with the code of
// another maker, which is in no user's build: tmaxmax/go-sse reads what a server
// of the kit streams, and a page's transports in a browser read the same frames
// out of a text as it does.
package interop_test
