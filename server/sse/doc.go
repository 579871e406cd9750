// Package sse serves the events of a hub as Server-Sent Events (HTML Standard,
// section 9.2) over HTTP.
//
// # The request
//
//	GET /events?topic=room.lobby&topic=clock&after=<id>&last=<n>&schema=<fingerprint>
//
// topic is repeated, at least once. The position to resume from is the
// Last-Event-ID header, or else after. last asks a fresh stream, or one that
// must start over, for the newest n retained events of the topics first.
//
// # The stream
//
// The first frame is a hello, within a second. Then come, in the log's order,
// the events of the topics after the stream's position, each once; when there
// are none for the beat interval, a beat. What else can come is in package wire.
//
// # Promises
//
//   - Every frame that can be resumed from has an id. Hello, beat and reset have
//     one as well as the events, so a quiet topic does not age a reader out.
//   - A position that cannot be resumed from is answered with a reset, never
//     with silence or a partial history.
//   - A request that is wrong gets a 4xx status with the error as JSON, which
//     makes a browser give up. Everything else that fails is a fault frame on a
//     200, since a browser's EventSource never tries again after another status.
//   - A reader that takes nothing for the write timeout is disconnected, and may
//     resume. Nobody else notices.
//   - A stream ends when its client goes, on [Handler.Shutdown], when the log is
//     closed, or when its request's context ends. A client that closes its
//     connection is noticed at once; one that vanishes, by package httpd's server
//     after three heartbeats, or one and the write timeout if that is more.
//   - A body is complete after a bye or a fault only. Whatever else ends a stream,
//     its context too, cuts it: over HTTP/1.1 the last chunk is missing, over
//     HTTP/2 the stream is reset. So no client takes a crash for a proper end,
//     and all of them come back.
//   - A request with a body is wrong. One without has no deadline for what the
//     stream reads or writes but the write timeout, whatever the server has.
//   - Limits: streams in all, streams of one address, topics of one stream. Over
//     the first two a request is answered with a fault and a random pause.
//
// # The two paths
//
// A stream over HTTP/1.1 without TLS, on Linux, in a server of package httpd, takes
// the fast path: its connection is taken over from net/http, and one of a few
// writers owns it. A writer goes from stream to stream and makes one write for
// each, of all that is pending, which does not block. Streams at one position share its bytes. One
// that would block is parked: it keeps its cursor and the rest of one shared
// frame, and costs nothing until the kernel says that there is room. A stream
// takes 3 to 5 KiB in all, and an idle one no time but for its beats.
//
// ServeHTTP returns as soon as such a stream has begun. An access log has its
// line then, with no length, and what a server does at its end, [http.Server]'s
// Close and Shutdown, does not reach the stream: Shutdown of the Handler does.
//
// net/http ends the request's context when ServeHTTP returns. What is left of it,
// the context of [http.Server.BaseContext], ends the stream.
//
// Every other stream follows its cursor in its request's goroutine, and flushes
// each time it has written all that is pending: over HTTP/2, over TLS, behind a
// middleware whose writer does not offer Hijack, or behind one that derives a
// context which it can cancel, since only a handler that has not returned learns
// of that: see [httpd.Lifetime]. A context with values only is no such one.
//
// # Goroutines
//
// The fast path has one for each writer, one for the kernel's news, and up to
// eight that read the log while streams are behind the ring. They begin with the
// first stream that needs them. The Handler owns them, and Shutdown ends them:
// when it has returned nil, none is left, and no descriptor.
package sse
