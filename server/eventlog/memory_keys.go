package eventlog

import (
	"time"

	"github.com/seawaykit/seaway/shared/event"
)

// A keyring remembers idempotency keys for a while.
type keyring struct {
	window time.Duration
	uses   map[string]keyUse
	queue  []usedKey // oldest first
}

// A keyUse is what was stored under a key, and for which request.
type keyUse struct {
	id      event.ID
	request string
}

type usedKey struct {
	key string
	at  time.Time
}

// recall returns what was stored under the key. It forgets what is older than
// the window.
func (k *keyring) recall(key string, now time.Time) (keyUse, bool) {
	for len(k.queue) > 0 && now.Sub(k.queue[0].at) >= k.window {
		delete(k.uses, k.queue[0].key)
		k.queue = k.queue[1:]
	}
	use, ok := k.uses[key]
	return use, ok
}

// remember adds a key that recall does not know.
func (k *keyring) remember(d event.Draft, id event.ID, now time.Time) {
	k.uses[d.Key] = keyUse{id, d.Request}
	k.queue = append(k.queue, usedKey{d.Key, now})
}

// answer returns what to answer to another draft under the key.
func (u keyUse) answer(d event.Draft) (event.ID, error) {
	if !SameRequest(u.request, d) {
		return event.ID{}, ErrKeyReused
	}
	return u.id, nil
}
