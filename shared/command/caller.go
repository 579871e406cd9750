//go:build !js

package command

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/seawaykit/seaway/shared/event"
)

// ctxKey is the key of the callInfo in a handler's context.
type ctxKey struct{}

// callInfo is what a handler can read about its call.
type callInfo struct{ identity, key, request string }

// Identity returns the caller's identity, as the authorise hook returned it.
func Identity(ctx context.Context) string { return callInfoOf(ctx).identity }

// IdempotencyKey returns the idempotency key as the caller sent it, or "" without
// one. The page knows it before the reply, and so can name what the command
// creates. Another caller may send the same key: publish with [Once].
func IdempotencyKey(ctx context.Context) string { return callInfoOf(ctx).key }

// CallID returns an id for the call, a hash of the caller's identity, idempotency
// key, command and request, or "" without a key. A retry has the same id, and no
// other call has it: use it to name what a handler creates. Publish events with
// [Once], which also refuses the caller's key for another request.
func CallID(ctx context.Context) string {
	c := callInfoOf(ctx)
	if c.key == "" {
		return ""
	}
	return digest(c.identity, c.key, c.request)
}

// Once publishes an event once for a call, however often the call arrives:
//
//	noted.Publish(ctx, log, topic, note, command.Once(ctx))
//
// The event's key is a hash of the caller's identity and idempotency key, so that
// keys of different callers differ. Command and request are its [event.Request]: the
// log refuses the same key for another request, as [fault.KeyReused]. A handler that
// publishes several events passes a different part for each after the first:
// Once(ctx), Once(ctx, "audit"). Without an idempotency key each event is published.
func Once(ctx context.Context, part ...string) event.Option {
	c := callInfoOf(ctx)
	return func(d *event.Draft) {
		if c.key != "" {
			d.Key, d.Request = digest(append([]string{c.identity, c.key}, part...)...), c.request
		}
	}
}

func callInfoOf(ctx context.Context) callInfo {
	c, _ := ctx.Value(ctxKey{}).(callInfo)
	return c
}

func withCaller(ctx context.Context, c caller) context.Context {
	return context.WithValue(ctx, ctxKey{}, callInfo{c.identity, c.key, c.request})
}

// requestDigest returns a hash of a request. It hashes the decoded request and not
// the bytes, since a retry may be encoded differently.
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
