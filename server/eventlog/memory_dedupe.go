package eventlog

import (
	"slices"
	"time"

	"github.com/seawaykit/seaway/shared/event"
)

// A dedupeWindow remembers idempotency keys for a while.
type dedupeWindow struct {
	window time.Duration
	uses   map[string]keyUse
	queue  []usedKey // oldest first
}

// A keyUse is what was stored under a key, and its request.
type keyUse struct {
	ids     []event.ID
	request string
}

type usedKey struct {
	key string
	at  time.Time
}

// lookup returns what was stored under the key. It forgets keys older than the
// window.
func (k *dedupeWindow) lookup(key string, now time.Time) (keyUse, bool) {
	for len(k.queue) > 0 && now.Sub(k.queue[0].at) >= k.window {
		delete(k.uses, k.queue[0].key)
		k.queue = k.queue[1:]
	}
	use, ok := k.uses[key]
	return use, ok
}

// remember adds a key that lookup does not know.
func (k *dedupeWindow) remember(d event.Draft, ids []event.ID, now time.Time) {
	k.uses[d.Key] = keyUse{ids, d.Request}
	k.queue = append(k.queue, usedKey{d.Key, now})
}

// answer returns the result of appending another draft under the key.
func (u keyUse) answer(d event.Draft) ([]event.ID, error) {
	if !SameRequest(u.request, d) {
		return nil, ErrKeyReused
	}
	return slices.Clone(u.ids), nil
}
