package presence

import (
	"context"
	"encoding/json"
	"time"

	"github.com/seawaykit/seaway/shared/event"
)

// Nodes speak to each other on a topic that no client may follow, in events that have no
// type of package event, since no page reads them. Fields may be added to them and nothing
// else changed: nodes of two releases read them.
const (
	nodesTopic  = "seaway.presence." // and the kind's name
	messageType = "presence.node"
	messageLife = 30 * time.Second
	messageRoom = 100 << 10 // of one message, in bytes
)

// A message is a sign of life, and perhaps more.
type message struct {
	Node     string             `json:"node"`
	Beat     bool               `json:"beat,omitempty"` // the regular sign of life
	Ask      bool               `json:"ask,omitempty"`  // the others are to publish their sections
	Leaves   bool               `json:"leaves,omitempty"`
	Sections map[string]section `json:"sections,omitempty"` // the node's own, by the list's key
}

const (
	// beatPace lies between two signs of life.
	beatPace = 4 * time.Second
	// beatsUntilGone is after how many of its own signs of life a node takes one for dead
	// that it has not heard of meanwhile.
	beatsUntilGone = 5
)

// send publishes a message to the other nodes.
func (n *node) send(ctx context.Context, m message) error {
	m.Node = n.id
	data, err := json.Marshal(m)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, publishTime)
	defer cancel()
	_, err = n.log.Append(ctx, event.Draft{Topic: nodesTopic + n.name, Type: messageType, Data: data, TTL: messageLife})
	return err
}

// take takes a message. n is locked.
func (n *node) take(m message) {
	if m.Node == n.id {
		if m.Beat {
			n.countBeat()
		}
		return
	}
	n.hear(m.Node)
	n.asked = n.asked || m.Ask
	if m.Leaves {
		n.nodes[m.Node] = beatsUntilGone - 2 // 4 to 8 s: its users are elsewhere then
	}
	for key, s := range m.Sections {
		l := n.list(key)
		l.here.Nodes[m.Node], l.encoded = s, nil
	}
}

// hear takes a sign of life of another node. n is locked.
func (n *node) hear(node string) {
	if node != n.id {
		n.nodes[node] = 0
	}
}

// countBeat takes an own sign of life that is stored: nodes that have been silent for too
// many of them are dead. n is locked.
func (n *node) countBeat() {
	for other := range n.nodes {
		if n.nodes[other]++; n.nodes[other] == beatsUntilGone {
			n.lookAt(other)
		}
	}
}

// lookAt has the lists looked at that have a section of another node, and reports whether
// there are any. n is locked.
func (n *node) lookAt(other string) (any bool) {
	for key, l := range n.lists {
		if _, has := l.here.Nodes[other]; has {
			n.look(key, time.Now())
			any = true
		}
	}
	return any
}

// isDead reports whether another node is. n is locked.
func (n *node) isDead(other string) bool { return n.nodes[other] >= beatsUntilGone }

// others reports whether there are other nodes, and forgets those that are dead and in no
// list. n is locked.
func (n *node) others() (any bool) {
	for other := range n.nodes {
		switch {
		case !n.isDead(other):
			any = true
		case !n.lookAt(other):
			delete(n.nodes, other)
		}
	}
	return any
}

// beat publishes a sign of life if one is due: another node has to know of this one.
func (n *node) beat(ctx context.Context) (next time.Time) {
	now := time.Now()
	n.mu.Lock()
	others, ask, due := n.others(), n.asks, n.beaten.Add(beatPace)
	n.mu.Unlock()
	switch {
	case !ask && !others:
		return now.Add(time.Hour) // a message of one wakes this node
	case !ask && now.Before(due):
		return due
	}
	if err := n.send(ctx, message{Beat: !now.Before(due), Ask: ask}); err != nil {
		n.logger.Debug("presence: no sign of life was published", "error", err)
		return now.Add(publishPace)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.asks = n.asks && !ask; !now.Before(due) {
		n.beaten = now
	}
	return n.beaten.Add(beatPace)
}

// answer publishes this node's sections to a node that has asked, in parts. They must not
// be older than a change that is on its way.
func (n *node) answer(ctx context.Context) error {
	n.mu.Lock()
	asked := n.asked
	all, size := []map[string]section{{}}, 0
	for key, l := range n.lists {
		if l.stored > l.here.Last {
			asked = false // the next time
		}
		s, has := l.here.Nodes[n.id]
		if !has {
			continue
		}
		data, _ := json.Marshal(s) // of JSON, which does not fail
		if size += len(data) + len(key); size > messageRoom {
			all, size = append(all, map[string]section{}), len(data)
		}
		all[len(all)-1][key] = s
	}
	n.mu.Unlock()
	if !asked {
		return nil
	}
	for _, part := range all {
		if err := n.send(ctx, message{Sections: part}); err != nil {
			return err
		}
	}
	n.mu.Lock()
	n.asked = false
	n.mu.Unlock()
	return nil
}
