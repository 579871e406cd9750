package presence

import (
	"slices"
)

// MaxListed is how many users of one node a list names. [Here.Count] has the others too.
const MaxListed = 100

// MaxProfile is the size of the largest Profile, as JSON, in bytes. A user of whom more is to be
// shown is counted and not named.
const MaxProfile = 512

// A Person is a user in a list.
type Person[Profile any] struct {
	Key     string  `json:"key"` // of the user, the same in all lists of a log; it does not tell the identity
	Profile Profile `json:"profile"`
}

// A Section is the part of a list that one node has.
type Section[Profile any] struct {
	People []Person[Profile] `json:"people"` // in the order in which they came
	Total  int               `json:"total"`
}

// Here is a list as a page has it: those who are here, by node.
type Here[Profile any] struct {
	Nodes map[string]Section[Profile] `json:"nodes"`
	Last  uint64                      `json:"last"` // the number of the newest change
	// Torn is set when a change before the newest is missing: then the list is read anew.
	Torn bool `json:"torn,omitempty"`
}

// A Change is the difference between two lists, or a whole list. A node publishes those of
// its own section, and the end of a node that has died.
type Change[Profile any] struct {
	After uint64                      `json:"after"`           // the number of the change before it, 0 for none
	Node  string                      `json:"node,omitempty"`  // whose section changes
	Join  []Person[Profile]           `json:"join,omitempty"`  // who has come, or is shown as another now
	Leave []string                    `json:"leave,omitempty"` // the keys of those who have gone
	Total int                         `json:"total"`           // of the section; without anyone the section goes
	Whole bool                        `json:"whole,omitempty"` // Nodes take the place of all sections
	Nodes map[string]Section[Profile] `json:"nodes,omitempty"`
}

// Apply folds the change with a number into the list.
func (h *Here[Profile]) Apply(c Change[Profile], number uint64) {
	h.Torn = !c.Whole && (h.Torn || c.After != h.Last)
	h.Last = number
	if c.Whole || h.Nodes == nil {
		h.Nodes = map[string]Section[Profile]{}
		for node, s := range c.Nodes {
			h.Nodes[node] = s
		}
	}
	switch {
	case c.Whole:
	case c.Total == 0:
		delete(h.Nodes, c.Node)
	default:
		h.Nodes[c.Node] = h.Nodes[c.Node].with(c)
	}
}

// with returns the section after a change. It shares nothing with s, which a reader may have.
func (s Section[Profile]) with(c Change[Profile]) Section[Profile] {
	people := make([]Person[Profile], 0, len(s.People)+len(c.Join))
	for _, p := range s.People {
		if !slices.Contains(c.Leave, p.Key) {
			people = append(people, p)
		}
	}
	for _, p := range c.Join {
		if i := slices.IndexFunc(people, func(other Person[Profile]) bool { return other.Key == p.Key }); i >= 0 {
			people[i] = p
		} else {
			people = append(people, p)
		}
	}
	return Section[Profile]{people, c.Total}
}

// People returns those who are named, each once.
func (h Here[Profile]) People() []Person[Profile] {
	people, _ := h.merge()
	return people
}

// Count returns how many are here. A user of two nodes of which one does not name the user
// counts twice.
func (h Here[Profile]) Count() int {
	_, count := h.merge()
	return count
}

func (h Here[Profile]) merge() (people []Person[Profile], count int) {
	seen := map[string]bool{}
	var nodes []string
	for node := range h.Nodes {
		nodes = append(nodes, node)
	}
	slices.Sort(nodes)
	for _, node := range nodes {
		s := h.Nodes[node]
		count += s.Total
		for _, p := range s.People {
			if seen[p.Key] {
				count--
				continue
			}
			seen[p.Key] = true
			people = append(people, p)
		}
	}
	return people, count
}
