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

// Value implements [provider.Provider]. All that was acknowledged before the call is in the
// value: a page asks because it lacks something.
func (n *node) Value(ctx context.Context, topic string) (provider.Value, error) {
	newest, err := eventlog.Newest(ctx, n.log)
	if err != nil {
		return provider.Value{}, err
	}
	if err := n.wait(ctx, newest); err != nil {
		return provider.Value{}, err
	}
	key, _ := n.key(topic)
	data, at := n.value(key)
	return provider.Value{JSON: data, Fingerprint: n.fingerprint, At: at}, nil
}

// waitTime bounds how long a reader waits for a number that may not come, since its event has
// left the log before this node has read it.
const waitTime = 500 * time.Millisecond

// A reader waits until this node has read up to a number.
type reader struct {
	number uint64
	read   chan struct{} // closed then
}

// wait returns when this node has read the log up to a number. It is an error if it has not
// been reached at all.
func (n *node) wait(ctx context.Context, number uint64) error {
	n.mu.Lock()
	if !n.applied.IsZero() && n.applied.Seq() >= number {
		n.mu.Unlock()
		return nil
	}
	r := reader{number, make(chan struct{})}
	n.readers = append(n.readers, r)
	n.mu.Unlock()
	timer := time.NewTimer(waitTime)
	defer timer.Stop()
	select {
	case <-r.read:
		return nil
	case <-timer.C:
	case <-ctx.Done():
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.readers = slices.DeleteFunc(n.readers, func(other reader) bool { return other.read == r.read })
	if n.applied.IsZero() {
		return eventlog.ErrUnavailable
	}
	return nil
}

// release lets readers go on. n is locked.
func (n *node) release() {
	n.readers = slices.DeleteFunc(n.readers, func(r reader) bool {
		done := r.number <= n.applied.Seq()
		if done {
			close(r.read)
		}
		return done
	})
}

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
