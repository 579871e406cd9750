package shape

import (
	"fmt"
	"slices"
)

// A Document collects what descriptions say, for another language: each has a name, and
// so has each type that is inside itself.
type Document struct {
	names  []string // in the order in which they were added
	shapes map[string]*shape
	of     map[*shape]string
}

// NewDocument returns an empty one.
func NewDocument() *Document {
	return &Document{shapes: map[string]*shape{}, of: map[*shape]string{}}
}

// Add adds a description under a name, which must be new.
func (d *Document) Add(name, description string) error {
	s, err := parse(description)
	if err != nil {
		return fmt.Errorf("%s %w", name, err)
	}
	d.add(name, s)
	for i, inner := range circular(s) {
		if inner != s {
			d.add(fmt.Sprintf("%s.part%d", name, i+1), inner)
		}
	}
	return nil
}

func (d *Document) add(name string, s *shape) {
	d.names = append(d.names, name)
	d.shapes[name], d.of[s] = s, name
}

// circular returns the shapes that are found inside themselves.
func circular(s *shape) (found []*shape) {
	var path []*shape
	var walk func(*shape)
	walk = func(s *shape) {
		if slices.Contains(path, s) {
			if !slices.Contains(found, s) {
				found = append(found, s)
			}
			return
		}
		path = append(path, s)
		if s.part != nil {
			walk(s.part)
		}
		for _, m := range s.fields {
			walk(m.shape)
		}
		path = path[:len(path)-1]
	}
	walk(s)
	return found
}

// isOptional reports whether a member can be left out.
func (m member) isOptional() bool {
	return slices.Contains(m.options, "omitempty") || slices.Contains(m.options, "omitzero")
}

// isNull reports whether a shape can be null: a list, a map and bytes are when Go has
// none of them. A member that leaves out what is empty is never null for that reason.
func (s *shape) isNull() bool {
	return s.head == "?" || s.head == "[" || s.head == "base64" || len(s.head) > 4 && s.head[:4] == "map["
}
