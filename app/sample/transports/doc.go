// Package transports is a sample: it follows one topic by four transports at once,
// and measures delay, bytes and reconnects of each. Package page draws the
// results. Replace it with your own.
//
// # What is measured
//
// Delay is the time from the creation of a message, by the server's clock, to the
// call of the page's function, by the page's clock. The two clocks differ, so each
// reply of the server to a request is taken as a reading of its clock, half a
// round trip ago, and the quickest reply counts: see [clock]. To compare each
// transport with the fastest, which needs no clock, would hide what all of them
// are late. A message from a time without a connection is caught up with
// afterwards; it is not a delay of the transport, and counted apart.
//
// Bytes, requests and connections are counted by the server, and fetched once a
// second. These requests are not counted for any transport.
//
// # Promises
//
// A [Run] holds no connection before Start and none soon after Stop. Its methods
// may be called on any goroutine and do not block. Figures are consistent at one
// moment. Memory does not grow: the delays of the newest 512 messages are kept,
// and the arrivals of ten seconds.
package transports
