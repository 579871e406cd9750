package eventlog

import (
	"time"

	"github.com/seawaykit/seaway/shared/event"
)

// A keyring remembers idempotency keys for a while.
type keyring struct {
	window time.Duration
	ids    map[string]event.ID
	queue  []usedKey // oldest first
}

type usedKey struct {
	key string
	at  time.Time
}

// recall returns the event that was stored under the key. It forgets what is
// older than the window.
func (k *keyring) recall(key string, now time.Time) (event.ID, bool) {
	for len(k.queue) > 0 && now.Sub(k.queue[0].at) >= k.window {
		delete(k.ids, k.queue[0].key)
		k.queue = k.queue[1:]
	}
	id, ok := k.ids[key]
	return id, ok
}

// remember adds a key that recall does not know.
func (k *keyring) remember(key string, id event.ID, now time.Time) {
	k.ids[key] = id
	k.queue = append(k.queue, usedKey{key, now})
}
