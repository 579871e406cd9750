package presence

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/provider"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/presence"
)

// key returns the key of a list's topic.
func (n *node) key(topic string) (key string, ok bool) {
	key, ok = strings.CutPrefix(topic, n.name+".")
	return key, ok && key != ""
}

// Owns implements [provider.Provider].
func (n *node) Owns(topic string) bool {
	_, ok := n.key(topic)
	return ok
}

// RuledBy implements [provider.Provider].
func (n *node) RuledBy(topic string) (of string, ok bool) {
	key, _ := n.key(topic)
	return key, key != presence.Site
}

// Rule implements [provider.Provider].
func (n *node) Rule(r access.Right) error {
	if n.rule == nil {
		return access.Refuse(r)
	}
	return n.rule(r)
}

// Connect implements [provider.Provider].
func (n *node) Connect(user string, topics []string) (disconnected func()) {
	keys := []string{presence.Site}
	for _, topic := range topics {
		if key, ok := n.key(topic); ok && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	n.mu.Lock()
	for _, key := range keys {
		n.enter(key, user)
	}
	n.mu.Unlock()
	n.wake()
	if user == "" {
		return nil
	}
	return func() { n.leave(keys, user) }
}

// enter counts a connection. A stranger's has a list looked at that no node has said
// anything of since this one began: its page may have an old one. n is locked.
func (n *node) enter(key, user string) {
	if n.look(key, time.Now()); user == "" {
		return
	}
	p := n.places[key]
	if p == nil {
		p = &place{users: map[string]*present{}}
		n.places[key] = p
	}
	p.enter(user)
}

func (n *node) leave(keys []string, user string) {
	now := time.Now()
	n.mu.Lock()
	for _, key := range keys {
		n.places[key].leave(user, now)
		n.look(key, now.Add(graceTime))
	}
	n.mu.Unlock()
	n.wake() // for the time at which the grace time is over
}

// Value implements [provider.Provider]: it waits until the log was reached.
func (n *node) Value(ctx context.Context, topic string) (provider.Value, error) {
	key, _ := n.key(topic)
	for {
		if data, at := n.value(key); !at.IsZero() {
			return provider.Value{JSON: data, Fingerprint: n.fingerprint, At: at}, nil
		}
		select {
		case <-ctx.Done():
			return provider.Value{}, eventlog.Interrupted(ctx)
		case <-time.After(valuePause):
		}
	}
}

// valuePause lies between two looks whether the log was reached.
const valuePause = 20 * time.Millisecond

// value returns the list of a key as JSON, with the position of the lists. It is encoded
// once for all pages that read it.
func (n *node) value(key string) (data []byte, at event.ID) {
	n.mu.Lock()
	defer n.mu.Unlock()
	l := n.lists[key]
	if l == nil {
		return []byte(`{"nodes":{},"last":0}`), n.applied
	}
	if l.encoded == nil {
		h := l.here
		h.Torn = false
		l.encoded, _ = json.Marshal(&h) // of JSON, which does not fail
	}
	return l.encoded, n.applied
}
