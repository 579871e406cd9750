// Package socket serves the streams of package sse over WebSockets (RFC 6455),
// for pages that want events and commands on one connection.
//
// # Downstream
//
//	GET /socket?topic=room.lobby&after=<id>&last=<n>&schema=<fingerprint>
//
// The parameters are those of a stream. The server sends the stream's text, in
// messages of one or more whole frames: hello, events, heartbeats, reset, bye, and a
// fault if the stream cannot begin. Ping frames are not needed, since heartbeats
// serve the same purpose.
//
// # Upstream
//
// A text message is a [wire.Command]. The command handler executes it as a POST
// with the headers of the socket's own request, so that the same hook decides
// by the same cookie. The answer is a reply frame among the events:
//
//	{"id":7,"command":"chat.post","key":"k1","body":{"text":"hello"}}
//
//	event: reply
//	data: {"id":7,"status":200,"body":{"id":"e1-8-a1b2"}}
//
// Commands run concurrently with the stream and with each other, so that a slow
// one delays neither. They end with the socket: the key makes it safe to send
// one again on the next socket.
//
// # Promises
//
//   - Origins: browsers open sockets to any site, cookies included. A page of
//     another origin is refused by status 403 unless it is trusted.
//   - A socket counts as a stream: the authorise hook, the limits, the metrics
//     and the shutdown of the streams apply to it.
//   - A request that is wrong is refused by its status, before the upgrade, with
//     the error as JSON. A page cannot read that: browsers report only that the
//     socket failed. It can send the same request as a plain GET, which is
//     refused in the same way, and answered by 426 where a socket would be
//     opened. A failure that retrying may cure is a fault frame on a socket that
//     is accepted, and then closed.
//   - A client that does not take what is written within the write timeout is
//     disconnected, and may resume. It gets no close frame, which would have to
//     wait behind what it does not take.
//   - Close codes: 1001 after a bye, 1013 after a fault and whenever retrying
//     may help, 1003 for a binary message, 1008 for one that is not a command,
//     1009 for one over [wire.MaxMessage].
//
// # Goroutines
//
// A socket has its request's goroutine, which writes, one that reads, and one
// for each command under way. They end with the socket, which Shutdown of the
// streams' handler ends: there is nothing else to close.
//
// Messages are not compressed: each socket would need a compressor of its own,
// of 1.2 MB while it works, for bytes that all of them share.
package socket
