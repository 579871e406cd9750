package tabs

import (
	"slices"

	"github.com/seawaykit/seaway/app/transport"
)

// A scope is what a connection brings: the events of these topics that have one of
// these names, and control frames. Each list is sorted. The zero scope brings no events.
type scope struct {
	Topics []string `json:"t,omitempty"`
	Names  []string `json:"n,omitempty"`
}

func newScope(topics, names []string) scope { return scope{}.with(scope{topics, names}) }

// with returns the union of two scopes.
func (s scope) with(o scope) scope { return scope{union(s.Topics, o.Topics), union(s.Names, o.Names)} }

// covers reports whether a connection of scope s brings all that one of scope o does.
func (s scope) covers(o scope) bool {
	return len(union(s.Topics, o.Topics)) == len(s.Topics) && len(union(s.Names, o.Names)) == len(s.Names)
}

func (s scope) equals(o scope) bool {
	return slices.Equal(s.Topics, o.Topics) && slices.Equal(s.Names, o.Names)
}

// has reports whether a connection of the scope brings a frame. A server that names no
// topics has one scope for all tabs.
func (s scope) has(f transport.Frame) bool {
	m, _ := f.Meta()
	return (m.Topic == "" || len(s.Topics) == 0 || slices.Contains(s.Topics, m.Topic)) &&
		(len(s.Names) == 0 || slices.Contains(s.Names, f.Name))
}

// union returns the sorted values of both.
func union(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}
