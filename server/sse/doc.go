// Package sse serves the events of a log as Server-Sent Events (HTML Standard,
// section 9.2) over HTTP, and as long polls. Package server/live includes it; import
// this one to serve streams alone.
//
//	streams := sse.New(log, sse.Options{Authorize: mayFollow})
//	go streams.Run(ctx)
//	mux.Handle("/events", streams)
//	mux.Handle("/poll", streams.Poll())
//	// ...
//	streams.Shutdown(grace) // before the server's own
//
// # The request
//
//	GET /events?topic=room.lobby&topic=clock&after=<id>&last=<n>&schema=<fingerprint>&catchup=1
//
// topic is repeated, at least once. The position to resume from is the
// Last-Event-ID header, or else after. last asks a fresh stream, or one that
// must start over, for the newest n retained events of the topics first. catchup
// asks for a heartbeat as soon as the stream has caught up with the newest event.
//
// # The stream
//
// The first frame is a hello, within a second. Then come, in the log's order, the events
// of the topics after the stream's position, each once; when there are none for the
// heartbeat interval, a heartbeat. The other control frames are in package wire.
//
// # Promises
//
//   - An event's frame names its topic and time behind the id, in the id field; see
//     [event.Meta]. A position may be sent with them or without.
//   - Every frame that can be resumed from has an id. Hello, heartbeat and reset
//     have one as well as the events, so the position of a client of a quiet
//     topic never expires.
//   - A position that cannot be resumed from is answered with a reset, never
//     with silence or a partial history.
//   - A request that is wrong gets a 4xx status with the error as JSON, which
//     makes a browser give up. Every other failure is a fault frame with status
//     200, since a browser's EventSource never retries after another status.
//   - Isolation: a client that takes nothing for the write timeout is
//     disconnected, and may resume. No other client is delayed.
//   - A stream ends when its client disconnects, on [Handler.Shutdown], when the
//     log is closed, or when its request's context ends. A closed connection is
//     detected at once; a client that vanishes, by package httpd's server after
//     three heartbeats, or after one and the write timeout if that is longer.
//   - A body is complete after a bye or a fault only. Any other end, by its
//     context too, cuts the stream: over HTTP/1.1 the last chunk is missing, over
//     HTTP/2 the stream is reset. So no client mistakes a crash for a proper end,
//     and all of them come back.
//   - A request with a body is refused. A stream has no read or write deadline
//     but the write timeout, whatever deadlines the server sets.
//   - Limits: total streams, streams per address, topics per stream. Over the
//     first two a request is answered with a fault and a random pause.
//
// # The two paths
//
// A stream over HTTP/1.1 without TLS, on Linux, in a server of package httpd, takes the
// fast path: its connection is hijacked from net/http, and package
// server/internal/reactor writes to it. A few goroutines go from stream to stream and
// make one non-blocking write for each, of all that is pending. Streams at one position
// share its bytes. A stream whose connection has no room keeps its cursor and the rest of
// one shared frame, and costs nothing until the kernel reports room. A stream takes 3 to
// 5 KiB in all, and an idle one no time but for its heartbeats.
//
// ServeHTTP returns as soon as such a stream has begun. An access log has its
// line then, without a length. [http.Server]'s Close and Shutdown do not reach
// the stream: the Handler's Shutdown does.
//
// net/http ends the request's context when ServeHTTP returns. From then on the
// context of [http.Server.BaseContext] ends the stream.
//
// Every other stream follows its cursor in its request's goroutine, and flushes
// each time it has written all that is pending: over HTTP/2, over TLS, behind a
// middleware whose writer does not offer Hijack, or behind one that derives a
// cancellable context, since the cancellation only reaches a handler that has
// not returned: see [httpd.Lifetime]. A context that only adds values is fine.
//
// # Goroutines
//
// The fast path has one for each writer, one that polls the kernel, and up to
// eight that read the log while streams are behind the ring. They start with the
// first stream that needs them. The Handler owns them, and Shutdown ends them:
// when it has returned nil, no goroutine and no descriptor is left.
package sse
