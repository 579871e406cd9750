// Package httpd returns an [http.Server] with timeouts that suit long-lived streams:
// every other request has a deadline, and clients that have vanished are disconnected.
//
//	server := httpd.New(mux, httpd.Options{Heartbeat: 15 * time.Second})
//	server.Addr = ":8000"
//	err := server.ListenAndServe()
//
// By default net/http has no deadlines, and the ones that it offers would end every
// stream. Without any, a client that announces a body and sends one byte of it holds a
// goroutine and a descriptor for ever.
//
// # Promises
//
//   - A request arrives within 12 s, its headers within 10, its TLS handshake within
//     10, or its connection is closed. The response of a handler that does not read
//     the body is sent at once or at that time. 15 s after its beginning nothing of
//     such a request is left. An HTTP/2 frame that does not arrive whole is detected
//     by the ping below instead, 45 s after its beginning at the default heartbeat.
//   - Headers are at most 64 KiB. Larger ones are answered with status 431; over
//     HTTP/2 the connection is closed.
//   - A response is taken within 10 minutes, which is 16 kbit/s for the 1.2 MB of a
//     page's wasm, as slow as the worst mobile connections.
//   - At most 64 connections are between their accept and their first answer. If
//     thousands come at once the others wait in the kernel, where they take no memory of
//     the server's. One whose request does not come counts for 20 ms, and one that is not
//     answered for 250 ms: see [Answered].
//   - A connection without requests is closed after 2 minutes.
//   - A client that has vanished without closing its connection is disconnected: on
//     Linux, on every connection, when for two heartbeats, or the streams' write
//     timeout if that is longer, it has acknowledged nothing of what was sent and has
//     not answered a probe for room; and over HTTP/2 on every platform, when it does
//     not answer a ping for as long. A stream has bytes to acknowledge with each
//     heartbeat, so that is three heartbeats, and up to a quarter of one more, after
//     it has vanished. A slow client acknowledges, and is not disconnected.
//
// # Handlers
//
// A request without a body has arrived when its handler begins: its read deadline is
// cleared, and its context does not end by it. A handler that reads a body and works
// for longer than 12 s, or expects a larger body, sets its own deadline by
// [http.ResponseController.SetReadDeadline]; one that writes for longer than 10
// minutes, by SetWriteDeadline. Packages sse and command do.
//
// The Server's fields may be changed before it serves, with two exceptions: a
// ConnContext or ConnState that replaces the server's must call it, and the Handler must
// not be wrapped: wrap the handler that is given to [New]. Package sse needs both for its
// fast path: see [Lifetime].
package httpd
