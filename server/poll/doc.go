// Package poll answers long polls with the frames of package sse: the stream in
// pieces, for browsers that have no EventSource and for proxies that hold back
// an answer until it ends.
//
// # The request
//
//	GET /poll?topic=room.lobby&after=<id>&wait=<milliseconds>
//
// The parameters are those of a stream, and wait: for how long the answer may
// wait for the first event, at most the beat interval. Without it the answer
// comes at once.
//
// # The answer
//
// Its body is text of the stream's own format and whole frames only: a hello,
// with the reset if there is one, then all that is pending, up to 256 KiB. A
// beat at its end says that there was no more; the server's shutdown ends it
// early with a bye. A client that asks again, after the last id that it was
// given, misses nothing and sees nothing twice.
//
// The type is text/plain, with a length. A proxy that knows text/event-stream
// treats it as a stream, or as what it was told to make of streams, and those
// are the proxies that polls are for; text/plain is what every proxy passes on
// whole. Like a stream it forbids them to store or change it.
//
// # Promises
//
//   - The authorise hook, the limits and the figures are those of the streams: a
//     poll counts as one while it is answered. Between polls it costs nothing.
//   - A request that is wrong gets a 4xx status with the error as JSON.
//     Everything else that fails is a fault frame in an answer of status 200.
//   - A reader that does not take its answer within the write timeout is
//     disconnected.
//   - A poll runs in its request's goroutine. There is none besides, and nothing to
//     close: Shutdown of the streams' handler ends the polls that wait.
package poll
