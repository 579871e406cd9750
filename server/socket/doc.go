// Package socket serves the streams of package sse over WebSockets (RFC 6455),
// for pages that want events and commands on one connection.
//
// # Downstream
//
//	GET /socket?topic=room.lobby&after=<id>&last=<n>&schema=<fingerprint>
//
// The parameters are those of a stream. What comes is its text, in messages of
// one or more whole frames: hello, events, beats, reset, bye, and a fault if the
// stream cannot begin. Ping frames are not needed, since beats do their work.
//
// # Upstream
//
// A text message is a [wire.Command]. It is carried out by the command handler
// as a POST with the headers of the socket's own request, so that the same hook
// decides by the same cookie, and answered by a reply frame among the events:
//
//	{"id":7,"command":"chat.post","key":"k1","body":{"text":"hello"}}
//
//	event: reply
//	data: {"id":7,"status":200,"body":{"id":"e1-8-a1b2"}}
//
// Commands run beside the stream and beside each other, so that a slow one holds
// back neither. They end with the socket: the key makes it safe to send one
// again on the next.
//
// # Promises
//
//   - Origins: browsers open sockets to any site, cookies included. A page of
//     another origin is refused by status 403 unless it is trusted.
//   - The authorise hook, the limits, the figures and the shutdown are those of
//     the streams, which the socket counts as one of.
//   - A request that is wrong is refused by its status, before the upgrade, with
//     the error as JSON. A page cannot read that: browsers tell it only that
//     the socket failed. It can ask again by a plain GET, which is refused in the
//     same way, and answered by 426 where a socket would be opened. What may
//     pass is a fault frame on a socket that is accepted, and then closed.
//   - A reader that does not take what is written within the write timeout is
//     cut off, and may resume. It is not told why: a close frame would have to
//     wait behind what it does not take.
//   - Close codes: 1001 after a bye, 1013 after a fault and whenever the stream
//     ends for reasons that may pass, 1003 for a binary message, 1008 for one
//     that is no command, 1009 for one over [wire.MaxMessage].
//
// # Goroutines
//
// A socket has its request's, which writes, one that reads, and one for each
// command being carried out. They end with the socket, which Shutdown of the
// streams' handler ends: there is nothing else to close.
//
// Messages are not compressed: each socket would need a compressor of its own,
// of 1.2 MB while it works, for bytes that all of them share.
package socket
