//go:build !js

package command

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/seawaykit/seaway/shared/event"
)

// ctxKey finds the caller in a handler's context.
type ctxKey struct{}

// called is what a handler can ask about its call.
type called struct{ identity, key, request string }

// Identity returns who is calling, as the authorise hook named them.
func Identity(ctx context.Context) string { return from(ctx).identity }

// CallKey returns the caller's own idempotency key, as it was sent; empty if
// there is none. A page can name things after it before it has an answer.
// Another caller may send the same one: publish with [Once].
func CallKey(ctx context.Context) string { return from(ctx).key }

// Key returns a name for the call, made of the caller's identity, the caller's
// key, the command and the request; empty if the caller sent no key. A retry has
// the same name, and no other call has it. It suits what a handler names. What a
// handler publishes goes under [Once], which also refuses the caller's key to
// another request.
func Key(ctx context.Context) string {
	c := from(ctx)
	if c.key == "" {
		return ""
	}
	return digest(c.identity, c.key, c.request)
}

// Once publishes an event once for a call, however often the call arrives:
//
//	noted.Publish(ctx, log, topic, note, command.Once(ctx))
//
// The event's key is made of the caller's identity and the caller's key, so that
// one caller's cannot meet another's. The command and the request make its
// [event.Request]: the log refuses the same key to another request, as
// [fault.KeyReused]. A handler that publishes several events gives each but the
// first a part of its own. Without a key of the caller's each is published.
func Once(ctx context.Context, part ...string) event.Option {
	c := from(ctx)
	return func(d *event.Draft) {
		if c.key != "" {
			d.Key, d.Request = digest(append([]string{c.identity, c.key}, part...)...), c.request
		}
	}
}

func from(ctx context.Context) called {
	c, _ := ctx.Value(ctxKey{}).(called)
	return c
}

func withCaller(ctx context.Context, c caller) context.Context {
	return context.WithValue(ctx, ctxKey{}, called{c.identity, c.key, c.request})
}

// requestDigest names a request. It is of what was decoded and not of the bytes: a
// retry may be encoded differently.
func requestDigest(command string, req any, body []byte) string {
	if decoded, err := json.Marshal(req); err == nil { // what came from JSON can be JSON again
		body = decoded
	}
	return digest(command, string(body))
}

// digest returns 128 bits of a hash. An array of strings is unambiguous where
// joined strings are not.
func digest(parts ...string) string {
	text, _ := json.Marshal(parts) // strings encode
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}
