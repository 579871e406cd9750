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
//     refusal, or its context ends. A handler that publishes under [Key] does
//     its work once however often the call arrives.
//   - A refusal is a [*fault.Error] on both sides, with its code, its message
//     and the field it is about. Other errors of a handler are logged and told
//     to the caller only as an internal error.
//   - [Mux] refuses, before any handler runs: methods other than POST, bodies
//     that are not JSON or over 64 KiB, unknown fields, writes from foreign
//     origins, and whatever its authorise hook refuses. A nil hook refuses all.
package command
