package presence

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/presence"
)

// What users are shown as is JSON here: a node does not look into it.
type (
	person  = presence.Person[json.RawMessage]
	section = presence.Section[json.RawMessage]
	change  = presence.Change[json.RawMessage]
	here    = presence.Here[json.RawMessage]
)

// A node keeps the lists of a kind on one server. Its goroutines are two: one folds the
// events of the log, the other publishes what this node has to say.
type node struct {
	name        string // of the kind
	id          string // of this node, which no other has
	log         eventlog.Log
	logger      *slog.Logger
	profile     func(ctx context.Context, user string) (json.RawMessage, error)
	rule        access.Rule // of the site's list
	fingerprint string      // of a list's type
	secret      []byte      // set before anything is published

	changed chan struct{} // has an entry when there may be something to do

	mu            sync.Mutex
	places        map[string]*place    // by key
	lists         map[string]*list     // by key: as pages have them
	pending       map[string]time.Time // keys of lists that are to be looked at, and when
	nodes         map[string]int       // others: how many own heartbeats came after their last
	applied       event.ID             // all up to it is in the lists; zero before the log was reached
	readers       []reader
	started       time.Time // when this node began to read
	asks          bool      // the others are to publish their sections
	asked         bool      // another node asks
	lastHeartbeat time.Time // when the last heartbeat was published
}

// A list is a list as the pages have it: the fold of its events.
type list struct {
	here      here
	whole     bool      // it is certain: no change is missing
	encoded   []byte    // of here; nil if that has changed
	torn      time.Time // when a change was found missing
	published time.Time // when this node last published a change
	stored    uint64    // the number of that
	refused   uint64    // the number after which one was refused; 0 if the last was not
}

func newNode(log eventlog.Log, logger *slog.Logger, name string, profile func(context.Context, string) (json.RawMessage, error)) *node {
	return &node{
		name: name, id: rand.Text()[:10], log: log, logger: logger, profile: profile,
		changed: make(chan struct{}, 1), places: map[string]*place{}, lists: map[string]*list{},
		pending: map[string]time.Time{}, nodes: map[string]int{},
	}
}

// topic returns the topic of a list.
func (n *node) topic(key string) string { return n.name + "." + key }

// list returns the list of a key. n is locked.
func (n *node) list(key string) *list {
	l := n.lists[key]
	if l == nil {
		l = &list{here: here{Nodes: map[string]section{}}}
		n.lists[key] = l
	}
	return l
}

// look has a list looked at, now or later. n is locked.
func (n *node) look(key string, at time.Time) {
	if due, ok := n.pending[key]; !ok || at.Before(due) {
		n.pending[key] = at
	}
}

// wake wakes the goroutine that publishes.
func (n *node) wake() {
	select {
	case n.changed <- struct{}{}:
	default:
	}
}

// refresh has what is shown of a user asked for again.
func (n *node) refresh(user string) {
	n.mu.Lock()
	for key, p := range n.places {
		if v := p.users[user]; v != nil {
			v.known = false
			n.look(key, time.Now())
		}
	}
	n.mu.Unlock()
	n.wake()
}
