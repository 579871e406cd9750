// Package load is a client of many Server-Sent Event streams, cheap enough that
// the server under test and not the client is what a measurement measures.
//
// # Promises
//
//   - One goroutine, the loop, owns every stream: it connects, reads and parses
//     with epoll and plain read(2), without a goroutine or a timer for each.
//   - Streams come from 16 source addresses in 127.0.0.0/8, because one address
//     has about 28,000 ports.
//   - Every event carries a [Stamp], which names its publisher, as which of
//     that poster's events, when it was due and when it was sent. A [Ledger] sees
//     from the marks what is lost, repeated or out of order.
//   - Posters publish at a steady rate, one request after the other each. A poster
//     that falls behind sends as fast as it is answered, and its events still
//     say when they were due: a server that slows its publishers down cannot
//     hide that.
//   - [Loop.Close] closes every stream and returns when the loop has ended.
package load
