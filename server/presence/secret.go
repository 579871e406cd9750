package presence

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// secretName is the name of the value that holds the secret of which the keys of people are
// made. All nodes of a log have the same: a user of two nodes has one key.
const secretName = "seaway.presence"

// secretOf returns the secret of a log, and makes it if there is none.
func secretOf(ctx context.Context, log eventlog.Log) ([]byte, error) {
	v, err := log.Get(ctx, secretName)
	if !errors.Is(err, eventlog.ErrNoValue) {
		return v.Data, err
	}
	state, err := log.State(ctx)
	if err != nil {
		return nil, err
	}
	v = eventlog.Value{Name: secretName, Position: state.Position(state.Last), Data: []byte(rand.Text())}
	if err = log.Put(ctx, v, event.ID{}); errors.Is(err, eventlog.ErrConflict) { // another node has
		v, err = log.Get(ctx, secretName)
	}
	return v.Data, err
}

// keyOf returns the key of a user. Without the secret no guess of an identity can be tried.
func keyOf(secret []byte, user string) string {
	h := hmac.New(sha256.New, secret)
	h.Write([]byte(user))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:9])
}
