//go:build !js

package command

import (
	"sync"
	"time"

	"github.com/seawaykit/seaway/shared/fault"
)

const (
	// keyCacheTime is how long a mux remembers a key: as long as a log does by
	// default.
	keyCacheTime = 2 * time.Minute
	// keyCacheSize is how many keys a mux remembers, about 3 MB of them.
	keyCacheSize = 16 << 10
)

var errKeyReused = &fault.Error{
	Code: fault.KeyReused, Field: IdempotencyKeyHeader,
	Message: "the idempotency key was used before, for another request",
}

// A keyCache remembers which request each caller's key was used for. It only knows
// what has come to its own mux: for events published with [Once], the log does the
// same on every node and over a restart. The cache adds commands that publish
// nothing, and events that have left the log early.
type keyCache struct {
	mu      sync.Mutex
	entries map[string]*entry // by a digest of the caller's identity and key
	queue   []*entry          // oldest first
}

// An entry is the use of a key. Retries share it.
type entry struct {
	name, request string
	at            time.Time
}

// add records a call, and refuses a key of another request. release makes the key
// free again after a refusal, so that the caller can correct the request.
func (c *keyCache) add(from caller, now time.Time) (release func(), err error) {
	if from.key == "" {
		return func() {}, nil
	}
	name := digest(from.identity, from.key)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.trim(now)
	e, known := c.entries[name]
	switch {
	case known && e.request != from.request:
		return nil, errKeyReused
	case known:
		return func() {}, nil // the first call decides whether the key is released
	}
	e = &entry{name, from.request, now}
	c.entries[name] = e
	c.queue = append(c.queue, e)
	return func() { c.drop(e) }, nil
}

// trim removes entries that are too old or too many.
func (c *keyCache) trim(now time.Time) {
	for len(c.queue) > 0 && (now.Sub(c.queue[0].at) >= keyCacheTime || len(c.queue) >= keyCacheSize) {
		c.forget(c.queue[0])
		c.queue = c.queue[1:]
	}
}

func (c *keyCache) drop(e *entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forget(e)
}

// forget frees the key of an entry, unless another entry has it by now.
func (c *keyCache) forget(e *entry) {
	if c.entries[e.name] == e {
		delete(c.entries, e.name)
	}
}
