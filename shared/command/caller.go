//go:build !js

package command

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// ctxKey finds the caller in a handler's context.
type ctxKey struct{}

// called is what a handler can ask about its call.
type called struct{ identity, key, own string }

// Identity returns who is calling, as the authorise hook named them.
func Identity(ctx context.Context) string { return from(ctx).identity }

// Key returns an idempotency key for what the handler publishes, or the empty
// string if the caller sent none. It is derived from the command, the caller's
// identity, the caller's key and the request, so that one caller's key cannot
// meet another's, and a key used again for a different request, which is not a
// retry, loses nothing. A handler that publishes several events must append
// something of its own to the key of each.
func Key(ctx context.Context) string { return from(ctx).key }

// CallKey returns the caller's own idempotency key, as it was sent; empty if
// there is none. A page can name things after it before it has an answer.
// Another caller may send the same one: publish under [Key].
func CallKey(ctx context.Context) string { return from(ctx).own }

func from(ctx context.Context) called {
	c, _ := ctx.Value(ctxKey{}).(called)
	return c
}

func withCaller(ctx context.Context, c caller, req any) context.Context {
	return context.WithValue(ctx, ctxKey{}, called{c.identity, deriveKey(c, req), c.key})
}

// deriveKey digests the decoded request, not its bytes: a retry may be encoded
// differently.
func deriveKey(c caller, req any) string {
	if c.key == "" {
		return ""
	}
	// An array of strings is unambiguous where joined strings are not. What was
	// decoded from JSON can be encoded again.
	scope, _ := json.Marshal([]string{c.command, c.identity, c.key})
	body, _ := json.Marshal(req)
	sum := sha256.Sum256(append(scope, body...))
	return hex.EncodeToString(sum[:16])
}
