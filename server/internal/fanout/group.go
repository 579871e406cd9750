package fanout

import (
	"slices"
	"strings"
)

// A group is the cursors over one set of topics. A topic's wake list holds
// groups, and two cursors of one group at one position take the same frames.
type group struct {
	ring    *ring
	key     string
	topics  []*topic
	cursors []*Cursor
}

// An Offset is a set of topics and a position in the log. Cursors at equal
// offsets take the same frames, so a transport that serves many cursors asks
// once.
type Offset struct {
	group *group
	seq   uint64
}

// join adds a cursor to the group of the topics. The names must be sorted.
func (r *ring) join(names []string, c *Cursor) {
	key := strings.Join(names, ",") // no name holds a comma
	g, ok := r.groups[key]
	if !ok {
		g = &group{ring: r, key: strings.Clone(key)} // it may be a slice of a long URL
		for _, name := range names {
			t := r.topic(strings.Clone(name))
			t.groups = append(t.groups, g)
			g.topics = append(g.topics, t)
		}
		r.groups[g.key] = g
	}
	c.group, c.index = g, len(g.cursors)
	g.cursors = append(g.cursors, c)
}

// leave removes a cursor, in constant time: 10,000 may close at once. The last
// one takes its place, since the order in which readers are woken is not
// promised.
func (g *group) leave(c *Cursor) {
	last := len(g.cursors) - 1
	g.cursors[c.index] = g.cursors[last]
	g.cursors[c.index].index = c.index
	g.cursors[last] = nil
	if g.cursors = g.cursors[:last]; last > 0 {
		return
	}
	delete(g.ring.groups, g.key)
	for _, t := range g.topics {
		i := slices.Index(t.groups, g)
		t.groups = slices.Delete(t.groups, i, i+1)
		g.ring.forget(t)
	}
}

func (g *group) wake() {
	for _, c := range g.cursors {
		c.notify()
	}
}

func (g *group) names() []string {
	names := make([]string, len(g.topics))
	for i, t := range g.topics {
		names[i] = t.name
	}
	return names
}
