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
//   - A reader that has not taken a batch within the write timeout is
//     disconnected, and may resume. Nobody else notices.
//   - The handler ends when the client goes, on [Handler.Shutdown], or when the
//     log is closed. It starts no goroutine.
package sse
