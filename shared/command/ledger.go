//go:build !js

package command

import (
	"sync"
	"time"

	"github.com/seawaykit/seaway/shared/fault"
)

const (
	// ledgerTime is how long a mux remembers a key: as long as a log does by
	// default.
	ledgerTime = 2 * time.Minute
	// ledgerSize is how many keys it remembers, about 3 MB of them.
	ledgerSize = 16 << 10
)

var errKeyReused = &fault.Error{
	Code: fault.KeyReused, Field: KeyHeader,
	Message: "the idempotency key was used before, for another request",
}

// A ledger remembers which request each caller's key was used for. It knows only
// what has come to its own mux: what is published with [Once] is held to the same
// by the log, on every node and over a restart. The ledger adds the commands that
// publish nothing, and events that have left the log early.
type ledger struct {
	mu      sync.Mutex
	entries map[string]*entry // by a digest of the caller's identity and key
	queue   []*entry          // oldest first
}

// An entry is a use of a key. Retries share it.
type entry struct {
	name, request string
	at            time.Time
}

// enter notes a call, and refuses a key of another request's. withdraw makes the
// key free again: the call was refused, and the caller may correct it.
func (l *ledger) enter(c caller, now time.Time) (withdraw func(), err error) {
	if c.key == "" {
		return func() {}, nil
	}
	name := digest(c.identity, c.key)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.trim(now)
	e, known := l.entries[name]
	switch {
	case known && e.request != c.request:
		return nil, errKeyReused
	case known:
		return func() {}, nil // what the first call came to decides
	}
	e = &entry{name, c.request, now}
	l.entries[name] = e
	l.queue = append(l.queue, e)
	return func() { l.drop(e) }, nil
}

// trim forgets what is too old or too much.
func (l *ledger) trim(now time.Time) {
	for len(l.queue) > 0 && (now.Sub(l.queue[0].at) >= ledgerTime || len(l.queue) >= ledgerSize) {
		l.forget(l.queue[0])
		l.queue = l.queue[1:]
	}
}

func (l *ledger) drop(e *entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forget(e)
}

// forget frees the key of an entry, unless another has it by now.
func (l *ledger) forget(e *entry) {
	if l.entries[e.name] == e {
		delete(l.entries, e.name)
	}
}
