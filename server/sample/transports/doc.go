// Package transports implements the server's part of the sample page that
// compares transports: it publishes sample events while a transport under test
// is open, counts what each transport costs, and cuts their connections on
// command. Replace it with your own.
//
// # What is counted
//
// Bytes are counted by the kernel, for the transport's TCP connections: TLS and
// HTTP are included, packet headers and retransmissions are not. Counting costs
// a stream nothing, also on the fast path, where neither net/http nor a wrapped
// connection would see the bytes: the kernel's counters are read when a request
// begins and ends, and when the page asks for them. A connection that carries
// requests of several transports, one after another, is credited to each for its
// own requests.
//
// A stream that ends other than by [Meter.Drop] loses the bytes since its
// counters were last read. On other systems than Linux, over HTTP/2, whose
// requests share a connection, and in a server without [ConnContext], bytes are
// not counted, and Count.BytesKnown is false.
//
// # Bounds
//
// Counts of 1,000 pages are kept; the pages without a request for the longest
// time are dropped first. A page has at most seven transports. A transport's
// open connections are kept, and at most as many ended ones, or 32.
package transports
