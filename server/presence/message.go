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

// A message is a heartbeat, and perhaps more.
type message struct {
	Node      string             `json:"node"`
	Heartbeat bool               `json:"heartbeat,omitempty"` // the regular heartbeat
	Ask       bool               `json:"ask,omitempty"`       // the others are to publish their sections
	Leaves    bool               `json:"leaves,omitempty"`
	Sections  map[string]section `json:"sections,omitempty"` // the node's own, by the list's key
}

const (
	// heartbeatInterval lies between two heartbeats.
	heartbeatInterval = 4 * time.Second
	// heartbeatsUntilGone is after how many of its own heartbeats a node takes one for dead
	// that it has not heard of meanwhile.
	heartbeatsUntilGone = 5
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
		if m.Heartbeat {
			n.countHeartbeat()
		}
		return
	}
	n.noteAlive(m.Node)
	n.asked = n.asked || m.Ask
	if m.Leaves {
		n.nodes[m.Node] = heartbeatsUntilGone - 2 // 4 to 8 s: its users are elsewhere then
	}
	for key, s := range m.Sections {
		l := n.list(key)
		l.here.Nodes[m.Node], l.encoded = s, nil
	}
}

// noteAlive notes that another node has published something. n is locked.
func (n *node) noteAlive(node string) {
	if node != n.id {
		n.nodes[node] = 0
	}
}

// countHeartbeat takes an own heartbeat that is stored: nodes that have been silent for too
// many of them are dead. n is locked.
func (n *node) countHeartbeat() {
	for other := range n.nodes {
		if n.nodes[other]++; n.nodes[other] == heartbeatsUntilGone {
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
func (n *node) isDead(other string) bool { return n.nodes[other] >= heartbeatsUntilGone }

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

// heartbeat publishes a heartbeat if one is due: another node has to know of this one.
func (n *node) heartbeat(ctx context.Context) (next time.Time) {
	now := time.Now()
	n.mu.Lock()
	others, ask, due := n.others(), n.asks, n.lastHeartbeat.Add(heartbeatInterval)
	n.mu.Unlock()
	switch {
	case !ask && !others:
		return now.Add(time.Hour) // a message of one wakes this node
	case !ask && now.Before(due):
		return due
	}
	if err := n.send(ctx, message{Heartbeat: !now.Before(due), Ask: ask}); err != nil {
		n.logger.Debug("presence: no heartbeat was published", "error", err)
		return now.Add(publishPace)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.asks = n.asks && !ask; !now.Before(due) {
		n.lastHeartbeat = now
	}
	return n.lastHeartbeat.Add(heartbeatInterval)
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
