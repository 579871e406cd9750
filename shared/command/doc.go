// Package command makes typed calls from a page to its server, each a POST with
// JSON both ways: requests go upstream while events come downstream.
//
// A command is defined once and compiled into page and server:
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
//   - A key is for one request. For two minutes another command or another body
//     under the same caller's key is refused as [fault.KeyReused], 422, and
//     nothing is stored: by the log, on every node and over a restart, where
//     handlers publish with [Once], and by each Mux for the latest 16,000 keys.
//     Requests are compared as they were decoded: spaces do not count.
//   - A refusal is a [*fault.Error] on both sides, with its code, its message and
//     the field it is about. Other errors of a handler are logged, and the caller
//     receives only an internal error.
//   - [Mux] refuses, before any handler runs: methods other than POST, bodies that
//     are not JSON or over 64 KiB, unknown fields, writes from foreign origins,
//     and what its authorise hook refuses. A nil hook refuses everything.
//   - Order: none between calls. Handlers run concurrently, each in the goroutine
//     of its request; a caller that needs an order waits for each reply.
//   - Blocking: Call blocks for at most 90 s, and tries again with pauses of up to
//     6 s. A body that takes more than 10 s to arrive is given up.
//   - No goroutine outlives a call: there is nothing to stop. A handler should end
//     when its context does.
package command
