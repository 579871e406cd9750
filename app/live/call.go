package live

import (
	"context"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/shared/command"
)

// Call calls a command without blocking go-app's goroutine, and calls done on it
// with the outcome: see [command.Call], which tries again for up to 90 s. A
// component that is dismounted meanwhile is not called back; the command may have
// been carried out. [Message] has a text for the error.
func Call[Req, Rep any](ctx app.Context, cmd command.Type[Req, Rep], req Req, done func(Rep, error), opts ...command.CallOption) {
	runAsync(ctx, func() (then func()) {
		reply, err := command.Call(context.Background(), cmd, req, opts...)
		return func() { done(reply, err) }
	})
}

// runAsync is apart from Call, since a program has one Call for each command: a
// context is 200 bytes, and each copy of it code.
//
//go:noinline
func runAsync(ctx app.Context, do func() (then func())) { viewOf(ctx).runAsync(do) }
