// Package httpd returns an [http.Server] for a program that serves streams: with
// deadlines for all that a client may be slow at, which streams alone lift.
//
// net/http has no deadlines unless it is given some, and those that it can be
// given would end every stream. A client that announces a body and sends one byte
// of it then holds a goroutine and a descriptor for ever.
//
// # Promises
//
//   - A request arrives in 12 s, its headers in 10, its TLS handshake in 10, or its
//     connection is closed. A handler that answers without reading the body is
//     answered for at once or at that time. 15 s after it began nothing of
//     such a request is left. A frame of HTTP/2 that does not arrive whole is
//     found by the ping below instead, 45 s after it began at the default heartbeat.
//   - Headers are at most 64 KiB. More is answered by status 431; over HTTP/2 the
//     connection is closed.
//   - An answer is taken within 10 minutes, which is 16 kbit/s for the 1.2 MB of a
//     page's wasm: what a phone gets in the worst of places.
//   - A connection without requests is closed after 2 minutes.
//   - A client that has vanished, without a word or with its network, is given up:
//     on Linux, on every connection, when it has acknowledged nothing of what was
//     sent, or not said whether it has room for more, for two heartbeats, or for the streams' write timeout if that is more;
//     and over HTTP/2 on every platform, when it does not answer a ping for as
//     long. A stream has something to be acknowledged with each heartbeat,
//     so that is three heartbeats, and up to a quarter of one more, after it has
//     vanished. A client that is slow answers, and is not given up.
//
// # Handlers
//
// A request without a body has arrived when its handler begins: its deadline is
// lifted, and its context does not end by it. A handler that reads a body and
// works on for longer than 12 s, or expects a larger one, sets its own deadline
// by [http.ResponseController.SetReadDeadline]; one that answers for longer than
// 10 minutes, by SetWriteDeadline. Packages sse, poll, socket and command do.
//
// The Server's fields may be changed before it serves, with two exceptions. A
// ConnContext of one's own calls the one that is there, and the Handler is not
// wrapped: what wraps it is given to [New] as a part of it. Package sse needs
// both for its fast path: see [Lifetime].
package httpd
