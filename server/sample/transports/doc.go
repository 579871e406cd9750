// Package transports is a sample: the server's part of the page that compares
// transports. It publishes something to be received while a lane is open, counts
// what each lane costs, and cuts the lanes' connections when the page asks for
// it. Replace it with your own.
//
// # What is counted
//
// Bytes are those of the lane's TCP connections as the kernel counts them: TLS
// and HTTP are in them, the packets' own headers and what was sent twice are
// not. Counting costs a stream nothing, also on the fast path, where neither
// net/http nor a wrapped connection would see the bytes: the kernel is asked
// when a request begins and ends, and when the page wants to know. A connection
// that carries requests of several lanes, one after another, is credited to each
// for its own.
//
// A stream that ends other than by [Lanes.Drop] loses from its count what it
// carried since it was asked for last. Where the kernel is not Linux's, behind
// HTTP/2, whose requests share a connection, and where [ConnContext] is not the
// server's, bytes are not counted, and Count.Counted says so.
//
// # Bounds
//
// Counts of 1,000 pages are kept; those who were not heard of for longest go
// first. A page has seven lanes at most. Of a lane's connections those that are
// open are known, and at most as many that have ended, or 32.
package transports
