// Package command carries typed calls from a page to its server: what goes
// upstream while events come downstream. It is a POST with JSON both ways, not
// a second protocol.
//
// A call is defined once and compiled into both halves:
//
//	var Post = command.Define[PostRequest, PostReply]("chat.post")
//
//	command.Handle(mux, chat.Post, func(ctx context.Context, req PostRequest) (PostReply, error) { ... })
//
//	reply, err := command.Call(ctx, chat.Post, req)
//
// # Promises
//
//   - [Call] tries again, under one idempotency key, until it has an answer, a
//     refusal, or its context ends. A handler that publishes with [Once] does
//     its work once however often the call arrives.
//   - One key is of one request. For two minutes another command or another body
//     under the same caller's key is refused as [fault.KeyReused], 422, and nothing
//     is stored: by the log, on every node and over a restart, where handlers
//     publish with [Once], and by a Mux by itself for the latest 16,000 keys.
//     Requests are compared as they were decoded: spaces do not count.
//   - A refusal is a [*fault.Error] on both sides, with its code, its message
//     and the field it is about. Other errors of a handler are logged and told
//     to the caller only as an internal error.
//   - [Mux] refuses, before any handler runs: methods other than POST, bodies
//     that are not JSON or over 64 KiB, unknown fields, writes from foreign
//     origins, and whatever its authorise hook refuses. A nil hook refuses all.
//   - Order: none between calls. Handlers run side by side, each in the goroutine
//     of its request; one that must come after another waits for its reply.
//   - Blocking: Call blocks for at most 90 s, and tries again with pauses of up to
//     6 s. A body that takes more than 10 s to arrive is given up.
//   - Neither half starts a goroutine that outlives a call: there is nothing to
//     stop. A handler ends when its request's context does, if it looks.
package command
